"""Look at a link without using it: what a GET does, and what the mail scanners' visits amount to."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from chassis.db.transaction import Reader
from identity.actionlinks.models import action_links
from identity.actionlinks.rules import Purpose, digest_of


@dataclass(frozen=True, slots=True)
class Link:
    """A link that can be used now."""

    id: str
    account_id: str
    new_email: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> "Link":
        """The link that a row of `usable` holds."""
        return cls(row.id, row.account_id, row.new_email)


async def find_link(reader: Reader, token: str, purpose: Purpose) -> Link | None:
    """The link behind a token, if it can be used now."""
    row = await reader.first(usable(token, purpose))
    return Link.of(row) if row else None


def usable(token: str, purpose: Purpose) -> Select[Any]:
    """The link with that token and purpose, unless it has ended or expired (real time)."""
    return select(action_links.c.id, action_links.c.account_id, action_links.c.new_email).where(
        action_links.c.digest == digest_of(token),
        action_links.c.purpose == purpose,
        action_links.c.ended_at.is_(None),
        action_links.c.expires_at > func.now(),
    )
