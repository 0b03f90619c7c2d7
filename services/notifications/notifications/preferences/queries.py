"""Who wants which optional mails, for other features."""

from collections.abc import Collection

from sqlalchemy import select

from chassis.db.transaction import Reader
from notifications.preferences.models import preferences
from notifications.preferences.rules import CATEGORIES, is_wanted

DEFAULTS = {category.code: category.is_enabled_at_first for category in CATEGORIES}


async def unwanted(reader: Reader, wanted: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (address, category) pairs whose mails the person does not want. Mandatory ones are always wanted."""
    optional = {pair for pair in wanted if pair[1] in _optional()}
    if not optional:
        return set()
    addresses = sorted({email for email, _ in optional})
    rows = await reader.all(select(preferences).where(preferences.c.email.in_(addresses)))
    chosen: dict[str, dict[str, bool]] = {email: {} for email in addresses}
    for row in rows:
        chosen[row.email][row.category] = row.is_enabled
    return {(email, code) for email, code in optional if not is_wanted(code, chosen[email])}


async def choices_of(reader: Reader, email: str) -> dict[str, bool]:
    """What the person wants, by category; the defaults where nothing was chosen."""
    rows = await reader.all(select(preferences).where(preferences.c.email == email))
    return DEFAULTS | {row.category: row.is_enabled for row in rows}


def _optional() -> set[str]:
    return {category.code for category in CATEGORIES if not category.is_mandatory}
