"""PKCE (RFC 7636), S256 only: Authlib's arithmetic without its `plain` method."""

import hmac

from authlib.oauth2.rfc7636.challenge import CODE_VERIFIER_PATTERN, create_s256_code_challenge

METHOD = "S256"
CHALLENGE_LENGTH = 43


def is_challenge(text: str) -> bool:
    """Whether `text` can be the S256 challenge of a verifier (§4.2)."""
    return len(text) == CHALLENGE_LENGTH and bool(CODE_VERIFIER_PATTERN.match(text))


def matches(verifier: str, challenge: str) -> bool:
    """Whether `challenge` was made of `verifier` (§4.6)."""
    if not CODE_VERIFIER_PATTERN.fullmatch(verifier):
        return False
    return hmac.compare_digest(create_s256_code_challenge(verifier).encode(), challenge.encode())
