"""Token buckets in memory: a burst at once, then a steady rate."""

import time
from collections import OrderedDict
from collections.abc import Callable

CAPACITY = 50_000
BURST_SECONDS = 20


class Buckets:
    """One bucket per key, filled with `per_minute`; it holds what flows in within twenty seconds."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.per_minute = per_minute
        self._per_second = per_minute / 60
        self._size = max(1.0, self._per_second * BURST_SECONDS)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Zero when the request may pass, else the seconds until one may."""
        if not self.per_minute:
            return 0.0
        now = self._now()
        level, seen_at = self._levels.pop(key, (self._size, now))
        level = min(self._size, level + (now - seen_at) * self._per_second)
        wait = 0.0 if level >= 1 else (1 - level) / self._per_second
        self._levels[key] = (level - 1 if not wait else level, now)
        if len(self._levels) > CAPACITY:
            self._levels.popitem(last=False)
        return wait
