"""Who gets no mail, for other features."""

from collections.abc import Collection

from sqlalchemy import or_, select

from chassis.db.transaction import Reader
from notifications.suppressions.models import suppressions


async def suppressed_among(reader: Reader, emails: Collection[str]) -> set[str]:
    """Those of `emails` that get no mail at present."""
    if not emails:
        return set()
    rows = await reader.all(
        select(suppressions.c.email).where(
            suppressions.c.email.in_(sorted(emails)),
            or_(suppressions.c.expires_at.is_(None), suppressions.c.expires_at > reader.now),
        )
    )
    return {row.email for row in rows}
