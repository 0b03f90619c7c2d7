"""Tokens at rest: sealed, bound to their place, under a key that only the gateway can read."""

import base64
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from gateway.sessions.cipher import Cipher, load_key

KEY = bytes(range(32))


def test_what_is_sealed_opens_at_its_place_only() -> None:
    cipher = Cipher(KEY)
    sealed = cipher.seal("rt_secret", place="one:refresh_token")

    assert cipher.open(sealed, place="one:refresh_token") == "rt_secret"
    assert b"rt_secret" not in sealed
    for place in ("two:refresh_token", "one:access_token"):
        with pytest.raises(InvalidTag):
            cipher.open(sealed, place=place)


def test_the_same_text_is_never_sealed_alike() -> None:
    cipher = Cipher(KEY)

    assert cipher.seal("a", place="p") != cipher.seal("a", place="p")


def test_another_key_opens_nothing() -> None:
    sealed = Cipher(KEY).seal("a", place="p")

    with pytest.raises(InvalidTag):
        Cipher(bytes(32)).open(sealed, place="p")


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Cipher(b"short")


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "gateway" / "session.key"

    first, second = load_key("", file), load_key("", file)

    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_key(base64.b64encode(KEY).decode(), file) == KEY
