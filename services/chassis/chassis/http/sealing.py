"""Kept answers may hold a secret that is shown once: only who knows the Idempotency-Key can read them again."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_LENGTH = 12


def stored_key(key: str) -> str:
    """What the table knows of an Idempotency-Key: a hash, from which the key cannot be had back."""
    return hashlib.sha256(b"key\x00" + key.encode()).hexdigest()


def seal(body: bytes, *, owner: str, key: str) -> bytes:
    """Encrypt an answer with the key that its asker chose."""
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + _cipher(owner, key).encrypt(nonce, body, None)


def unseal(sealed: bytes, *, owner: str, key: str) -> bytes:
    """The answer. Raises ValueError for another key."""
    try:
        return _cipher(owner, key).decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], None)
    except InvalidTag as error:
        raise ValueError("This answer was given to another key.") from error


def _cipher(owner: str, key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(b"answer\x00" + owner.encode() + b"\x00" + key.encode()).digest())
