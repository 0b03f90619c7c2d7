"""What was mailed, for other features."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from notifications.messages.models import messages

NEVER_LEFT = ("suppressed", "failed")


async def latest_about(reader: Reader, *, correlation: str, templates: Collection[str]) -> Row[Any] | None:
    """The newest mail of `templates` about `correlation` that was sent or will be: template, data and id."""
    return await reader.first(
        select(messages.c.id, messages.c.template, messages.c.data)
        .where(
            messages.c.correlation == correlation,
            messages.c.template.in_(templates),
            messages.c.status.not_in(NEVER_LEFT),
        )
        .order_by(messages.c.id.desc())
        .limit(1)
    )
