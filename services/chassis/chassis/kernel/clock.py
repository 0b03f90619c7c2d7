"""Business time. Security (tokens, sessions, throttles) never asks these clocks: it uses the real time."""

import json
import os
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

SECONDS_BETWEEN_LOOKS = 0.1


class Clock(Protocol):
    """Tells the business what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The real time: what production runs on."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """The instant that the clock was last set to."""
        return self._instant

    def set(self, instant: datetime) -> None:
        """Put the hands to `instant`."""
        self._instant = instant

    def advance(self, duration: timedelta) -> None:
        """Move the hands forward."""
        self._instant += duration


class OffsetClock:
    """The real time plus an offset kept in a file, so that all processes of a development stack travel together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = timedelta(0)
        self._changed_at = -1
        self._looked_at = -1.0

    def now(self) -> datetime:
        """The real time moved by the offset; a change by another process is followed within a tenth of a second."""
        looked_at = time.monotonic()
        if looked_at - self._looked_at > SECONDS_BETWEEN_LOOKS:
            self._looked_at = looked_at
            self._read_if_changed()
        return datetime.now(UTC) + self._offset

    def move_to(self, instant: datetime) -> None:
        """Make `instant` the present for every process that shares the file."""
        self._write(instant - datetime.now(UTC))

    def advance(self, duration: timedelta) -> None:
        """Move the present of every process that shares the file."""
        self._read_if_changed()
        self._write(self._offset + duration)

    def _read_if_changed(self) -> None:
        try:
            changed_at = os.stat(self._path).st_mtime_ns
        except FileNotFoundError:
            return
        if changed_at != self._changed_at:
            stored = json.loads(self._path.read_text())
            self._offset = timedelta(microseconds=stored["offset_microseconds"])
            self._changed_at = changed_at

    def _write(self, offset: timedelta) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps({"offset_microseconds": offset // timedelta(microseconds=1)}))
        draft.replace(self._path)
        self._looked_at = -1.0
        self._read_if_changed()


def day_of(instant: datetime, time_zone: str) -> date:
    """The calendar day that `instant` falls on in `time_zone` (an IANA name)."""
    return instant.astimezone(_zone(time_zone)).date()


def today(clock: Clock, time_zone: str) -> date:
    """The business day it is now in `time_zone`."""
    return day_of(clock.now(), time_zone)


def start_of_day(day: date, time_zone: str) -> datetime:
    """The instant (UTC) at which `day` begins in `time_zone`; where midnight is skipped, the first instant after it."""
    midnight = datetime.combine(day, time_of_day(0), _zone(time_zone))
    return midnight.astimezone(UTC)


@cache
def _zone(name: str) -> ZoneInfo:
    """Kept for ever: Python itself keeps only the last eight zones, and reads the others from disk again and again."""
    return ZoneInfo(name)
