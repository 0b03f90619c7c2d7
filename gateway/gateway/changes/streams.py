"""The open pages of this process, and what each is to be told next."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from chassis.bus.hints import EVERYBODY
from chassis.kernel.errors import Throttled, Unavailable
from gateway.sessions.session import GatewaySession

SPREAD_SECONDS = 1.0
"""Over which time all pages are told of something that concerns everybody, so that they do not ask in one moment."""


class Stream:
    """One open page."""

    def __init__(self, session: GatewaySession) -> None:
        self.session = session
        self._news = asyncio.Event()
        self._has_changes = False
        self.is_closing = False

    async def wait(self, seconds: float) -> None:
        """Until there is something to do, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
        self._news.clear()

    def take_changes(self) -> bool:
        """Whether there were changes since this was asked last."""
        had, self._has_changes = self._has_changes, False
        return had

    def tell(self) -> None:
        """What the page shows may have changed."""
        self._has_changes = True
        self._news.set()

    def look(self) -> None:
        """The session may have ended."""
        self._news.set()

    def close(self) -> None:
        """The process ends."""
        self.is_closing = True
        self._news.set()


class Streams:
    """One per process: a limited number of streams, by account."""

    def __init__(self, *, per_session: int, in_all: int) -> None:
        self._per_session = per_session
        self._in_all = in_all
        self._by_account: dict[str, list[Stream]] = defaultdict(list)
        self._open = 0
        self._is_closing = False

    def open(self, session: GatewaySession) -> Stream:
        """A stream, to be forgotten when it ends. Raises `Throttled` or `Unavailable`: the page then asks by itself."""
        own = self._by_account.get(session.account_id, ())
        if sum(stream.session.key == session.key for stream in own) >= self._per_session:
            raise Throttled("Too many pages of this session are open.", retry_after=60)
        if self._is_closing or self._open >= self._in_all:
            raise Unavailable("Changes cannot be told at the moment.", retry_after=10)
        stream = Stream(session)
        self._by_account[session.account_id].append(stream)
        self._open += 1
        return stream

    def forget(self, stream: Stream) -> None:
        """The page has gone, or was told all that there is to tell."""
        account_id = stream.session.account_id
        self._open -= 1
        self._by_account[account_id].remove(stream)
        if not self._by_account[account_id]:
            del self._by_account[account_id]

    def tell(self, account_ids: Sequence[str]) -> None:
        """Hear a hint: what the pages of these accounts show may have changed."""
        if EVERYBODY in account_ids:
            self._tell_everybody()
        for account_id in account_ids:
            for stream in self._by_account.get(account_id, ()):
                stream.tell()

    def note_end(self, event_type: str, data: dict[str, Any]) -> None:
        """Hear that a session or an account ended: its pages are looked at now, not at the next heartbeat."""
        for stream in self._known(data.get("account_id")):
            if data.get("session_id") in (None, stream.session.session_id):
                stream.look()

    def close(self) -> None:
        """Let every stream end and open no other."""
        self._is_closing = True
        self._each(Stream.close)

    def _known(self, account_id: str | None) -> list[Stream]:
        if account_id is not None:
            return self._by_account.get(account_id, [])
        return [stream for streams in self._by_account.values() for stream in streams]

    def _tell_everybody(self) -> None:
        loop = asyncio.get_running_loop()
        self._each(lambda stream: loop.call_later(random.uniform(0, SPREAD_SECONDS), stream.tell))  # noqa: S311

    def _each(self, act: Callable[[Stream], Any]) -> None:
        for stream in self._known(None):
            act(stream)
