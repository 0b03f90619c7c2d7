"""Sessions kept in memory for seconds, so that the hot path asks the database rarely."""

import time
from collections import OrderedDict
from collections.abc import Callable

from gateway.sessions.session import GatewaySession

CAPACITY = 10_000
REMEMBERED_ENDS = 50_000


class SessionCache:
    """The sessions used last. What has ended never comes back, not even from a read that was under way."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._entries: OrderedDict[str, tuple[float, GatewaySession]] = OrderedDict()
        self._ended: OrderedDict[str, None] = OrderedDict()

    def get(self, key: str) -> GatewaySession | None:
        """The session if it was put here a moment ago."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry[0] < time.monotonic():
            del self._entries[key]
            return None
        return entry[1]

    def put(self, session: GatewaySession) -> None:
        """Remember it for the configured seconds; the one put longest ago makes room."""
        if session.key in self._ended or session.session_id in self._ended:
            return
        self._entries[session.key] = (time.monotonic() + self._seconds, session)
        self._entries.move_to_end(session.key)
        if len(self._entries) > CAPACITY:
            self._entries.popitem(last=False)

    def has_ended(self, session: GatewaySession) -> bool:
        """Whether its end was noticed by this process."""
        return session.key in self._ended or session.session_id in self._ended

    def drop(self, key: str) -> None:
        """One browser's session is over."""
        self._entries.pop(key, None)
        self._remember(key)

    def drop_session(self, session_id: str) -> None:
        """The provider's session is over, and every browser's session that hangs on it."""
        self._remember(session_id)
        self._drop_where(lambda held: held.session_id == session_id)

    def drop_account(self, account_id: str) -> None:
        """All present sessions of an account are over; it may sign in again."""
        self._drop_where(lambda held: held.account_id == account_id)

    def _drop_where(self, is_over: Callable[[GatewaySession], bool]) -> None:
        for key in [key for key, (_, held) in self._entries.items() if is_over(held)]:
            self.drop(key)

    def _remember(self, ended: str) -> None:
        self._ended[ended] = None
        if len(self._ended) > REMEMBERED_ENDS:
            self._ended.popitem(last=False)
