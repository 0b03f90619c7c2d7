"""The hash of an access token that an id token carries (OpenID Connect Core 1.0 §3.1.3.6)."""

from authlib.oidc.core.util import create_half_hash


def half_hash(token: str, algorithm: str) -> str:
    """The left half of the token's hash, as `at_hash` wants it."""
    return create_half_hash(token, algorithm).decode()
