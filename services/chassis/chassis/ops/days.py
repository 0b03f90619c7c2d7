"""Days as careful writers of a language write them."""

import re
from datetime import date

from babel import Locale
from babel.dates import format_date

# The first of a month is an ordinal in these languages, which the formats of CLDR leave to whoever uses them.
FIRST_OF_A_MONTH = {"fr": "1er", "it": "1º"}
FIRST = re.compile(r"\b1(?= )")


def written_day(value: date, style: str, locale: Locale) -> str:
    """A day in babel's `style`: `1er décembre 2026`, `1º dicembre 2026`, `1. Dezember 2026`."""
    written = format_date(value, style, locale=locale)
    first = FIRST_OF_A_MONTH.get(locale.language)
    return FIRST.sub(first, written, count=1) if first and value.day == 1 else written
