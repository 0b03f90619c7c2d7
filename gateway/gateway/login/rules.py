"""The values that tie the two halves of a sign-in together. Nothing here knows HTTP."""

import base64
import hashlib
import hmac


def digest(text: str) -> str:
    """How the table knows a state or a secret."""
    return hashlib.sha256(text.encode()).hexdigest()


def derived(secret: str, purpose: str) -> str:
    """A value of 256 bits that only the holder of `secret` can make: the PKCE verifier, the nonce."""
    return _base64url(hmac.digest(secret.encode(), purpose.encode(), "sha256"))


def code_challenge(verifier: str) -> str:
    """RFC 7636 §4.2, method S256."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
