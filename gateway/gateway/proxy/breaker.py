"""A service that keeps failing is left alone for a moment: callers hear so at once instead of queueing."""

import time
from collections.abc import Callable

WINDOW_SECONDS = 10.0
FEWEST = 20
FAILED_SHARE = 0.5
OPEN_SECONDS = 5.0


class Breaker:
    """Closed: everything passes. Open: nothing does, for five seconds. Then one request tries, and its end decides."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._window_ends = 0.0
        self._total = 0
        self._failed = 0
        self._open_until = 0.0
        self._trying = False

    def seconds_shut(self) -> float:
        """Zero when a request may pass, else how long to stay away. The first one after the pause is the trial."""
        if not self._open_until:
            return 0.0
        left = self._open_until - self._now()
        if left > 0:
            return left
        if self._trying:
            return 1.0
        self._trying = True
        return 0.0

    def succeeded(self) -> None:
        """A request was answered, whatever the answer."""
        if self._trying:
            self._open_until, self._trying, self._total, self._failed = 0.0, False, 0, 0
        self._count(failed=False)

    def failed(self) -> None:
        """A request got no answer: nobody there, or silence."""
        self._count(failed=True)
        too_many = self._total >= FEWEST and self._failed >= self._total * FAILED_SHARE
        if self._trying or too_many:
            self._open_until = self._now() + OPEN_SECONDS
            self._trying = False

    def abandoned(self) -> None:
        """The caller went away before the end was known: another request may try."""
        self._trying = False

    def _count(self, *, failed: bool) -> None:
        now = self._now()
        if now > self._window_ends:
            self._window_ends, self._total, self._failed = now + WINDOW_SECONDS, 0, 0
        self._total += 1
        self._failed += failed
