"""What the other services learn about organizations."""

from typing import ClassVar, Literal

from chassis.facts import Event


class OrganizationEvent(Event):
    """An event whose aggregate is an organization."""

    subject_field: ClassVar[str] = "organization_id"

    organization_id: str
    name: str
    country: str
    locale: str
    time_zone: str
    vat_id: str | None
    origin: Literal["new", "transferred"]


class OrganizationCreated(OrganizationEvent):
    """A customer company exists from now on."""

    event_type: ClassVar[str] = "identity.organization.created.v1"


class OrganizationChanged(OrganizationEvent):
    """Something about a customer company is different from before."""

    event_type: ClassVar[str] = "identity.organization.changed.v1"
