"""Which events partners may hear, whose they are, and when a refused delivery is tried again. Pure."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

EVENT_TYPES = (
    "identity.member.added.v1",
    "identity.member.changed.v1",
    "identity.member.removed.v1",
    "identity.organization.changed.v1",
    "licensing.assignment.created.v1",
    "licensing.assignment.deactivated.v1",
    "licensing.assignment.ended.v1",
    "licensing.assignment.period_changed.v1",
    "licensing.assignment.started.v1",
    "licensing.license.ended.v1",
    "licensing.license.granted.v1",
    "licensing.license.renewed.v1",
    "licensing.license.resized.v1",
    "licensing.license.resumed.v1",
    "licensing.license.suspended.v1",
    "shop.customer.changed.v1",
    "shop.invoice.issued.v1",
    "shop.order.failed.v1",
    "shop.order.paid.v1",
    "shop.order.placed.v1",
    "shop.order.refunded.v1",
    "shop.payment.failed.v1",
    "shop.subscription.cancel_scheduled.v1",
    "shop.subscription.cancel_undone.v1",
    "shop.subscription.ended.v1",
    "shop.subscription.past_due.v1",
    "shop.subscription.quantity_changed.v1",
    "shop.subscription.recovered.v1",
    "shop.subscription.renewed.v1",
    "shop.subscription.started.v1",
    "shop.subscription.transferred.v1",
    "shop.transfer.announced.v1",
    "shop.transfer.postponed.v1",
    "shop.transfer.rolled_back.v1",
    "shop.transfer.transferred.v1",
)
"""Left out: what only our own services need, and events that speak of several organizations at once."""

TEST_EVENT = "notifications.webhook.test.v1"
TOLD = ("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "sequence", "data")
"""The envelope's fields that partners see; trace and actor are ours."""

RETRY_SECONDS = (5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400)
REFUSED_AFTER = 5
"""After so many refusals an endpoint that answers otherwise is given the next event."""
DISABLED_AFTER = 10
"""After so many events refused in a row the endpoint is switched off."""
WORTH_RETRYING = (408, 409, 425, 429)


def wanted_filters(event_type: str) -> list[str]:
    """The filters that an event matches: itself, `shop.order.*`, `shop.*`, `*`."""
    parts = event_type.split(".")
    return [event_type, *(".".join(parts[:length]) + ".*" for length in range(1, len(parts) - 1)), "*"]


def is_known_filter(text: str) -> bool:
    """Whether any event that partners may hear matches."""
    return any(text in wanted_filters(event_type) for event_type in EVENT_TYPES)


def organization_of(data: Mapping[str, Any]) -> str | None:
    """Whose event it is; None when it does not tell."""
    if isinstance(data.get("organization_id"), str):
        return data["organization_id"]
    for name in ("order", "subscription", "license", "assignment"):
        if isinstance(data.get(name), dict) and "organization_id" in data[name]:
            return data[name]["organization_id"]
    organization = data.get("organization")
    return organization.get("id") if isinstance(organization, dict) else None


def is_refusal(status: int | None) -> bool:
    """Whether the endpoint is well and does not want this very event (4xx that another try will not change)."""
    return status is not None and 400 <= status < 500 and status not in WORTH_RETRYING


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after the `attempts`th try, spread by a tenth; None when it was tried for about two days."""
    if attempts > len(RETRY_SECONDS):
        return None
    return now + timedelta(seconds=RETRY_SECONDS[attempts - 1] * random.uniform(0.9, 1.1))  # noqa: S311 - jitter
