"""Signing secrets are encrypted at rest."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet


class Seal:
    """Encrypts with the first of the configured keys and decrypts with any, so that a key can be replaced."""

    def __init__(self, keys: str) -> None:
        wanted = [key.strip() for key in keys.split(",") if key.strip()]
        self._box = MultiFernet([Fernet(_derived(key)) for key in wanted])

    def close(self, secret: str) -> str:
        """The secret, encrypted."""
        return self._box.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """The secret again."""
        return self._box.decrypt(sealed.encode()).decode()


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"portico:webhooks:{key}".encode()).digest())
