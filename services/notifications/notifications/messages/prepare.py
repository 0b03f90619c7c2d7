"""What has to be known before mails can leave, and the mails made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Reader
from chassis.ops.logging import get_logger
from notifications.delivery.links import ActionLink, Links, WantedLink
from notifications.delivery.mime import Letter, to_bytes
from notifications.delivery.outbound import Outbound
from notifications.delivery.rules import Verdict, message_id
from notifications.preferences.queries import unwanted
from notifications.suppressions.queries import suppressed_among
from notifications.templates.catalog import catalog
from notifications.templates.formatting import language_of
from notifications.templates.render import ACTION_LINK, NotRenderable, Rendered

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that can leave; the link is in no record of it."""

    rendered: Rendered
    url: str | None

    @property
    def with_link(self) -> Rendered:
        """The mail as its reader gets it."""
        return self.rendered.with_action_link(self.url) if self.url else self.rendered


@dataclass(frozen=True, slots=True)
class NotReady:
    """A mail that does not leave now, and what becomes of it instead."""

    verdict: Verdict
    detail: str | None = None


async def barred(reader: Reader, rows: Sequence[Row[Any]]) -> dict[str, NotReady]:
    """Those of the mails that must not leave."""
    suppressed = await suppressed_among(reader, {row.to_address for row in rows})
    categories = {row.id: (row.to_address, catalog()[row.template].category) for row in rows}
    declined = await unwanted(reader, set(categories.values()))
    found: dict[str, NotReady] = {}
    for row in rows:
        if row.expires_at is not None and row.expires_at <= reader.now:
            found[row.id] = NotReady(Verdict("failed", "expired"))
        elif row.to_address in suppressed:
            found[row.id] = NotReady(Verdict("suppressed", "recipient_suppressed"))
        elif categories[row.id] in declined:
            found[row.id] = NotReady(Verdict("suppressed", "not_wanted"))
    return found


async def fetch_links(links: Links, rows: Sequence[Row[Any]]) -> dict[str, ActionLink]:
    """The one-time links of the mails that want one, made now; a mail whose link is missing has to wait."""
    wanting = [row for row in rows if row.link is not None]
    if not wanting:
        return {}
    wanted = [WantedLink(row.to_address, row.to_name, row.locale, row.link) for row in wanting]
    try:
        found = await links.fetch(wanted)
    except Exception as error:
        log.warning("messages.wait_for_identity", count=len(wanting), reason=repr(error)[:200])
        return {}
    return {row.id: link for row, link in zip(wanting, found, strict=True) if link is not None}


def prepare(outbound: Outbound, row: Row[Any], link: ActionLink | None) -> Ready | NotReady:
    """The mail with its texts, or why it cannot leave now."""
    if row.link is not None and link is None:
        return NotReady(Verdict("queued", "identity_unavailable"))
    if link is not None and _is_pointless(row, link):
        return NotReady(Verdict("suppressed", "nothing_to_do"))
    try:
        return Ready(_render(outbound, row, link), link.url if link else None)
    except NotRenderable as error:
        log.error("message.not_renderable", message_id=row.id, template=row.template, reason=str(error))
        return NotReady(Verdict("held", "not_renderable"), detail=str(error)[:500])


def content_of(outbound: Outbound, row: Row[Any], rendered: Rendered, *, written_at: datetime) -> bytes:
    """The mail as it goes over the wire."""
    brand = outbound.brand
    return to_bytes(
        Letter(
            sender_name=brand.sender_name,
            sender_address=brand.sender_address,
            recipient_name=row.to_name,
            recipient_address=row.to_address,
            reply_to=brand.support_email,
            subject=rendered.subject,
            language=language_of(row.locale),
            message_id=message_id(row.dedupe_key, outbound.message_id_domain),
            written_at=written_at,
            text=rendered.text,
            html=rendered.html,
        )
    )


def _is_pointless(row: Row[Any], link: ActionLink) -> bool:
    """Whether there is nothing left to do for the reader."""
    return link.status == "disabled" or (link.url is None and row.link["required"])


def _render(outbound: Outbound, row: Row[Any], link: ActionLink | None) -> Rendered:
    """In the language of an active account's owner, who chose it, rather than in the one that the event knew."""
    has_chosen = link is not None and link.status == "active" and link.locale
    return outbound.renderer.render(
        catalog()[row.template],
        locale=link.locale if has_chosen else row.locale,
        data=row.data,
        name=row.to_name or (link.name if link else None),
        action_url=ACTION_LINK if link and link.url else "",
    )
