"""Secrets at rest."""

from pathlib import Path

import pytest

from identity.keys.vault import Vault, WrongKeyFile, open_vault
from identity.oauth.tokens import successor_of

ONE, OTHER = Vault(b"1" * 32), Vault(b"2" * 32)


def test_what_is_sealed_opens_again_under_its_name_only() -> None:
    sealed = ONE.seal(b"private", name="key-1")

    assert ONE.open(sealed, name="key-1") == b"private"
    assert b"private" not in sealed
    for vault, content, name in [
        (ONE, sealed, "key-2"),
        (OTHER, sealed, "key-1"),
        (ONE, sealed[:-1] + b"x", "key-1"),
        (ONE, b"short", "key-1"),
    ]:
        with pytest.raises(WrongKeyFile):
            vault.open(content, name=name)


def test_the_key_file_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "state" / "identity.key"

    first, second = open_vault(path), open_vault(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert first.derive("x") == second.derive("x")
    assert first.derive("x") != first.derive("y")


def test_a_wrong_key_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "identity.key"
    path.write_bytes(b"too short")

    with pytest.raises(ValueError, match="32 bytes"):
        open_vault(path)


def test_the_successor_of_a_refresh_token_is_always_the_same() -> None:
    assert successor_of(ONE, "rt_a") == successor_of(ONE, "rt_a")
    assert len({successor_of(ONE, "rt_a"), successor_of(ONE, "rt_b"), successor_of(OTHER, "rt_a")}) == 3
