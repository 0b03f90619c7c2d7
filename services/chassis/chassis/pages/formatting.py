"""Days, instants, amounts and numbers as people of a locale write them; texts of JSON are understood."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision

from chassis.ops.days import written_day
from chassis.pages.locales import DEFAULT_LOCALE, formats_of

NOTHING = "–"


def day(value: date | str | None, locale: str, style: str = "medium") -> str:
    """`2026-11-25` -> "25 Nov 2026"; nothing -> a dash."""
    if not value:
        return NOTHING
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    return written_day(value, style, formats_of(locale))


def instant(value: datetime | str | None, locale: str, time_zone: str = "UTC") -> str:
    """An RFC 3339 instant as day and minute in `time_zone`: "25 Nov 2026, 14:05"."""
    if not value:
        return NOTHING
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = moment.astimezone(ZoneInfo(time_zone))
    time_of_day = format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=formats_of(locale))
    return f"{day(local.date(), locale)}, {time_of_day}"


def money(value: Any, locale: str) -> str:
    """`{"amount": 12900, "currency": "EUR"}` (or `Money`) -> "€129.00"; nothing -> a dash."""
    if value is None:
        return NOTHING
    amount, currency = (
        (value["amount"], value["currency"]) if isinstance(value, dict) else (value.amount, value.currency)
    )
    units = Decimal(amount).scaleb(-get_currency_precision(currency))
    return format_currency(units, currency, locale=formats_of(locale))


def number(value: int | float | Decimal | None, locale: str) -> str:
    """1234.5 -> "1,234.5", "1 234,5", "1.234,5"."""
    return NOTHING if value is None else format_decimal(value, locale=formats_of(locale))


def localized(value: Any, locale: str) -> str:
    """The text of `{"en": …}` in the locale, else English, else any; a plain text is itself."""
    if not isinstance(value, dict):
        return str(value or "")
    return str(value.get(locale) or value.get(DEFAULT_LOCALE) or next((text for text in value.values() if text), ""))
