"""Days, money and names as each language writes them: the filters of the mails."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal, get_currency_precision
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from chassis.ops.days import written_day

LANGUAGES = ("en", "fr", "de", "it")

ELIDED = {"il": "l'", "Il": "L'", "al": "all'", "dal": "dall'", "Dal": "Dall'"}
ELIDING_DAYS = (8, 11)
"""Otto and undici begin with a vowel."""


def language_of(locale: str) -> str:
    """The language a mail is written in: `de-AT` falls back to `de`, a language without texts to `en`."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else "en"


@lru_cache(maxsize=256)
def formats_of(locale: str) -> Locale:
    """How the region writes days and numbers, when the mail is written in the region's own language."""
    language = language_of(locale)
    try:
        found = Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale(language)
    return found if found.language == language else Locale(language)


@lru_cache(maxsize=4096)
def _written_day(value: date, style: str, locale: str) -> str:
    return written_day(value, style, formats_of(locale))


@lru_cache(maxsize=4096)
def _written_number(value: int, locale: str) -> str:
    return format_decimal(value, locale=formats_of(locale))


def _as_day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _dated(context: Context, value: date | str, style: str) -> str:
    day = _as_day(value)
    written = _written_day(day, style, context["locale"])
    if context.eval_ctx.autoescape:
        return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), written)
    return written


def _article(article: str, day: date) -> str:
    if not article:
        return ""
    return ELIDED[article] if day.day in ELIDING_DAYS else f"{article} "


@pass_context
def day(context: Context, value: date | str, after: str = "") -> str:
    """`9 décembre 2026`; with the Italian article that it stands `after`: `dal 9 dicembre`, `dall'8 dicembre`."""
    return _article(after, _as_day(value)) + _dated(context, value, "long")


@pass_context
def weekday(context: Context, value: date | str) -> str:
    """`mercredi 9 décembre 2026`."""
    return _dated(context, value, "full")


@pass_context
def moment(context: Context, value: datetime | str, time_zone: str = "UTC") -> str:
    """A day and a time of day in the reader's time zone, with the zone's name in brackets."""
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    local = instant.astimezone(ZoneInfo(time_zone))
    formats = formats_of(context["locale"])
    time_of_day = format_time(local, "short", tzinfo=local.tzinfo, locale=formats)
    zone = get_timezone_name(local, locale=formats)
    return f"{written_day(local.date(), 'long', formats)}, {time_of_day} ({zone})"


@pass_context
def money(context: Context, value: dict[str, Any]) -> str:
    """`1.290,00 €` of `{"amount": 129000, "currency": "EUR"}` (minor units)."""
    currency = value["currency"]
    amount = Decimal(value["amount"]).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=formats_of(context["locale"]))


@pass_context
def number(context: Context, value: int) -> str:
    """`1 200`."""
    return _written_number(value, context["locale"])


@pass_context
def tr(context: Context, names: dict[str, str] | str) -> str:
    """A name that travels in several languages, in the reader's; English, or any at all, where theirs is missing."""
    if isinstance(names, str):
        return names
    return names.get(language_of(context["locale"])) or names.get("en") or next(iter(names.values()), "")


FILTERS = {"day": day, "weekday": weekday, "moment": moment, "money": money, "number": number, "tr": tr}
