"""How long a session lives (OWASP ASVS 5.0, 7.3): without use, and at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["usual", "remembered", "operator"]

TOUCH_EVERY = timedelta(seconds=30)
"""Use of a session is noted no more often than this."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """`idle`: without any use; `absolute`: whatever happens."""

    idle: timedelta
    absolute: timedelta


LIFETIMES: dict[str, Lifetime] = {
    "usual": Lifetime(idle=timedelta(hours=2), absolute=timedelta(hours=12)),
    "remembered": Lifetime(idle=timedelta(days=7), absolute=timedelta(days=30)),
    "operator": Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=8)),
}


def kind_of(*, is_operator: bool, is_remembered: bool) -> Kind:
    """The kind of session; the vendor's own staff never get a long one."""
    if is_operator:
        return "operator"
    return "remembered" if is_remembered else "usual"


def is_live(kind: str, *, last_seen_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Whether a session that nobody ended still counts."""
    return now < expires_at and now < last_seen_at + LIFETIMES[kind].idle
