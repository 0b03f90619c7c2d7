"""What licensing promises to tell about assignments."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from chassis.facts import Event
from licensing.organizations.snapshots import Organization


class AssignmentBody(BaseModel):
    """An assignment as it is after the change; no last day = as long as the license."""

    model_config = ConfigDict(frozen=True)

    id: str
    license_id: str
    organization_id: str
    product_code: str
    email: str
    first_day: date
    last_day: date | None
    seat: int
    status: str


class AssignmentEvent(Event):
    """What all events about assignments carry. `automatic`: the buyer's own first seat, given without being asked."""

    subject_field: ClassVar[str] = "assignment.id"

    assignment: AssignmentBody
    product_name: dict[str, str]
    organization: Organization
    notify: bool
    automatic: bool
    actor: str


class AssignmentCreated(AssignmentEvent):
    """An address was given a seat; with status `active` it holds it from this moment on."""

    event_type: ClassVar[str] = "licensing.assignment.created.v1"


class AssignmentPeriodChanged(AssignmentEvent):
    """The days of an assignment were changed."""

    event_type: ClassVar[str] = "licensing.assignment.period_changed.v1"

    previous_first_day: date
    previous_last_day: date | None


class AssignmentStarted(AssignmentEvent):
    """The first day of an assignment made for later has begun."""

    event_type: ClassVar[str] = "licensing.assignment.started.v1"


class AssignmentEnded(AssignmentEvent):
    """The last day is over, or the license has ended."""

    event_type: ClassVar[str] = "licensing.assignment.ended.v1"


class AssignmentDeactivated(AssignmentEvent):
    """Access was taken away at once; the seat is free. `reason`: deactivated, reassigned or released."""

    event_type: ClassVar[str] = "licensing.assignment.deactivated.v1"

    reason: str


class InvitationRequested(AssignmentEvent):
    """Somebody asked for the invitation to be mailed again."""

    event_type: ClassVar[str] = "licensing.assignment.invitation_requested.v1"


EVENTS = [
    AssignmentCreated,
    AssignmentPeriodChanged,
    AssignmentStarted,
    AssignmentEnded,
    AssignmentDeactivated,
    InvitationRequested,
]
