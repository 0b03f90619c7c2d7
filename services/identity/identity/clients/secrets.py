"""Client secrets: random, shown once, stored as a digest."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "pcs_"
LIVE_SECRETS = 2
"""While a client rotates, the secret before stays good; the one before that does not."""


def new_secret() -> str:
    """256 bits of randomness; the prefix lets secret scanners recognize a leaked one."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored. A plain digest is enough, because a secret is random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_one_of(secret: str, digests: Iterable[str]) -> bool:
    """Whether `secret` is one of the live ones; compares all of them in constant time."""
    presented = digest_of(secret).encode()
    matches = [hmac.compare_digest(presented, digest.encode()) for digest in digests]
    return any(matches)
