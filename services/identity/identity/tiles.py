"""Whose App Portal may show other tiles from now on: hinted to open pages, which then ask for their tiles again."""

from collections.abc import Iterable

from chassis.bus.hints import EVERYBODY
from chassis.db.transaction import Transaction

TILES = "tiles"


def tiles_changed(tx: Transaction, account_ids: Iterable[str]) -> None:
    """The tiles of these accounts may have changed with this transaction; one too many costs a look."""
    tx.hint(TILES, account_ids)


def tiles_of_everybody_changed(tx: Transaction) -> None:
    """The same where it cannot be told whose."""
    tx.hint(TILES, [EVERYBODY])
