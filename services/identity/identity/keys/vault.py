"""Secrets at rest: one key file outside the database seals what is in it.

A copy of the database alone signs no token and mints no refresh token.
"""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class WrongKeyFile(ValueError):
    """What is stored was sealed with another key file."""


class Vault:
    """Seals and opens with AES-256-GCM, and derives keys for single purposes (RFC 5869)."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"The key file must hold {KEY_BYTES} bytes.")
        self._key = key
        self._cipher = AESGCM(self.derive("seal"))

    def seal(self, content: bytes, *, name: str) -> bytes:
        """Encrypt `content`, bound to `name`: it opens under no other."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def open(self, sealed: bytes, *, name: str) -> bytes:
        """Decrypt. Raises WrongKeyFile."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise WrongKeyFile(f"{name} was sealed with another key file.") from error

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose; none tells anything about another."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(self._key)

    def mac(self, purpose: str, content: str) -> bytes:
        """A keyed digest of `content` for one purpose."""
        return hmac.new(self.derive(purpose), content.encode(), hashlib.sha256).digest()


def open_vault(path: Path) -> Vault:
    """The vault of the key file at `path`, which is made (mode 0600) when there is none yet."""
    try:
        return Vault(path.read_bytes())
    except FileNotFoundError:
        return Vault(_make_key_file(path))


def _make_key_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster
        return path.read_bytes()
    key = os.urandom(KEY_BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key
