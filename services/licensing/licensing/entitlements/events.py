"""What licensing promises to tell about entitlements."""

from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from chassis.facts import Event


class GrantBody(BaseModel):
    """A stretch of time in which access is given; the end is exclusive, null is no end."""

    model_config = ConfigDict(frozen=True)

    organization_id: str
    license_id: str
    assignment_id: str | None
    reason: str
    valid_from: datetime
    valid_until: datetime | None


class EntitlementChanged(Event):
    """One address's access to one product may have changed; `grants` holds all that is and will be given, from every
    organization. None = no access now or later."""

    event_type: ClassVar[str] = "licensing.entitlement.changed.v1"
    subject_field: ClassVar[str] = "entitlement_id"

    entitlement_id: str
    email: str
    product_code: str
    applications: list[str]
    grants: list[GrantBody]


def entitlement_id(*, email: str, product_code: str) -> str:
    """The same for all events about one address and product."""
    return "ent_" + sha256(f"{email}\n{product_code}".encode()).hexdigest()[:26]


EVENTS = [EntitlementChanged]
