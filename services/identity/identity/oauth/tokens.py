"""Opaque secrets of the protocol: codes, refresh tokens, request references. Stored as digests."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from identity.keys.vault import Vault

CODE = "ac_"
REFRESH_TOKEN = "rt_"
PUSHED_REQUEST = "urn:ietf:params:oauth:request_uri:"
SUCCESSOR_PURPOSE = "refresh-token-successor"


def new_secret(prefix: str = "") -> str:
    """256 bits of randomness behind a prefix that tells its kind."""
    return prefix + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def successor_of(vault: Vault, refresh_token: str) -> str:
    """The refresh token that follows `refresh_token`: always the same one, so a lost answer can be given again.

    It is a keyed digest, so neither the database nor an old token alone tells the next one.
    """
    mac = vault.mac(SUCCESSOR_PURPOSE, refresh_token)
    return REFRESH_TOKEN + urlsafe_b64encode(mac).decode().rstrip("=")
