"""What was mailed, for other features."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select, text

from chassis.db.transaction import Reader
from notifications.messages.models import messages
from notifications.messages.queue import Recipient

NEVER_LEFT = ("suppressed", "failed")

LATEST = text(
    """
    SELECT DISTINCT ON (correlation) correlation, id, template, data
    FROM messages
    WHERE correlation = ANY(CAST(:correlations AS text[])) AND template = ANY(CAST(:templates AS text[]))
      AND status <> ALL(CAST(:never_left AS text[]))
    ORDER BY correlation, id DESC
    """
).columns(messages.c.correlation, messages.c.id, messages.c.template, messages.c.data)


async def as_addressed_last(reader: Reader, email: str) -> Recipient | None:
    """The person behind an address, with the name and the language of the last mail; None who never got one."""
    to_them = select(messages.c.to_name, messages.c.locale).where(messages.c.to_address == email)
    row = await reader.first(to_them.order_by(messages.c.id.desc()).limit(1))
    return Recipient(email=email, name=row.to_name, locale=row.locale) if row else None


async def latest_about(reader: Reader, *, correlation: str, templates: Collection[str]) -> Row[Any] | None:
    """The newest mail of `templates` about `correlation` that was sent or will be: template, data and id."""
    return (await latest_about_each(reader, correlations=[correlation], templates=templates)).get(correlation)


async def latest_about_each(
    reader: Reader, *, correlations: Collection[str], templates: Collection[str]
) -> dict[str, Row[Any]]:
    """The newest mail of `templates` about each of `correlations` that was sent or will be; those that have one."""
    if not correlations:
        return {}
    about = {"correlations": list(correlations), "templates": list(templates), "never_left": list(NEVER_LEFT)}
    return {row.correlation: row for row in await reader.all(LATEST, about)}
