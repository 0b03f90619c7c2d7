"""Tries for the same account take turns, so that many at the same moment cannot slip past the count together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from identity.accounts.passwords import TooManySignIns

LONGEST_LINE = 16


class Turns:
    """One lock for each key that somebody waits for; nothing is kept of the others."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._in_line: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Wait for the others with the same key. Raises TooManySignIns when the line is long already."""
        if self._in_line.get(key, 0) >= LONGEST_LINE:
            raise TooManySignIns(retry_after=1)
        self._in_line[key] = self._in_line.get(key, 0) + 1
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                yield
        finally:
            self._in_line[key] -= 1
            if not self._in_line[key]:
                del self._in_line[key], self._locks[key]
