"""Reading single values of an export: whole numbers, days, booleans, languages, time zones, cards."""

import calendar
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import available_timezones

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LANGUAGES = ("en", "fr", "de", "it")
LARGEST_QUANTITY = 2_147_483_647


def whole_number(text: str) -> int | None:
    """The number, or None when the text is none."""
    return int(text) if WHOLE_NUMBER.fullmatch(text) else None


def quantity(text: str) -> int | None:
    """A quantity of at least 1, or None."""
    number = whole_number(text)
    return number if number is not None and 1 <= number <= LARGEST_QUANTITY else None


def price(text: str) -> int | None:
    """A price of at least 0 minor units, or None."""
    number = whole_number(text)
    return number if number is not None and number >= 0 else None


@lru_cache(maxsize=20_000)
def day(text: str) -> date | None:
    """An ISO 8601 calendar day, or None."""
    if not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def instant(text: str) -> datetime | None:
    """An RFC 3339 instant in UTC, or None; without an offset it is none."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else None


def flag(text: str) -> bool | None:
    """True or false as written in any case, or None."""
    return {"true": True, "false": False}.get(text.lower())


def language(text: str) -> str | None:
    """One of the four languages; `de-AT` counts as `de`; None when it is none of them."""
    primary = re.split(r"[-_]", text.lower(), maxsplit=1)[0]
    return primary if primary in LANGUAGES else None


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_time_zone(text: str) -> bool:
    """Tell whether the text names an IANA time zone."""
    return text in _time_zones()


def card_good_until(exp_month: str, exp_year: str) -> date | None:
    """A card is good until the last day of its month; None when the expiry is not known."""
    month, year = whole_number(exp_month), whole_number(exp_year)
    if month is None or year is None or not 1 <= month <= 12:
        return None
    year = year + 2000 if 0 <= year < 100 else year
    if not 1 <= year <= 9999:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])
