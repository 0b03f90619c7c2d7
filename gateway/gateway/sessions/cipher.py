"""Seals what must not be readable in the database: AES-256-GCM, bound to the row and column it stands in."""

import base64
import contextlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class Cipher:
    """Seals and opens texts under one key; the leading version byte leaves room for another."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("The encryption key of the gateway has 32 bytes.")
        self._aead = AESGCM(key)

    def seal(self, text: str, *, place: str) -> bytes:
        """The text in a form that can only be opened at the same `place` ("key:column")."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._aead.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, *, place: str) -> str:
        """The text again; raises `cryptography.exceptions.InvalidTag` where it was moved or changed."""
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return self._aead.decrypt(nonce, body, place.encode()).decode()


def load_key(setting: str, file: Path) -> bytes:
    """The key of the setting, else the one in `file`, which is made (mode 0600) where it is absent."""
    if setting:
        return base64.b64decode(setting)
    if not file.exists():
        _write_key(file, os.urandom(KEY_BYTES))
    return base64.b64decode(file.read_text())


def _write_key(file: Path, key: bytes) -> None:
    """Whole or not at all; of two processes that start together the first one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(base64.b64encode(key).decode())
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
