"""Clients kept in memory for the endpoints that ask for one on every request."""

import time

from chassis.db.transaction import Database
from identity.clients import store
from identity.clients.client import Client

SECONDS_KEPT = 5.0
"""Changes made here act at once (`forget`); a change by another process is seen after this."""

MOST_KEPT = 2_000


class ClientDirectory:
    """A small cache in front of the clients' table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[str, tuple[float, Client]] = {}

    async def find(self, client_id: str) -> Client | None:
        """The client, at most a few seconds old; unknown ones are asked for every time."""
        kept = self._kept.get(client_id)
        if kept is not None and time.monotonic() - kept[0] < SECONDS_KEPT:
            return kept[1]
        async with self._database.read() as reader:
            client = await store.find(reader, client_id=client_id)
        if client is None:
            self._kept.pop(client_id, None)
            return None
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[client_id] = (time.monotonic(), client)
        return client

    def forget(self, client_id: str) -> None:
        """Have the next question read the table."""
        self._kept.pop(client_id, None)
