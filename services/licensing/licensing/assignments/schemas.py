"""What clients are promised about seats and assignments."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from licensing.assignments.parse_addresses import ADDRESSES_AT_MOST

EXAMPLE_ASSIGNMENT = {
    "id": "asg_01k0q3v7w2d8m4n6p8r0t2v4x6",
    "license_id": "lic_01k0q3v7w2d8m4n6p8r0t2v4x6",
    "product": "cad-pro",
    "email": "jane@example.com",
    "first_day": "2027-02-05",
    "last_day": None,
    "seat": 2,
    "status": "active",
    "automatic": False,
    "note": None,
    "previous_id": None,
    "created_at": "2027-02-05T09:00:00Z",
    "created_by": "user:acc_01k0q3v7w2d8m4n6p8r0t2v4x6",
    "ended_at": None,
    "ended_by": None,
    "ended_reason": None,
}

Addresses = Annotated[
    Annotated[str, Tag("text")] | Annotated[list[str], Tag("array")],
    Discriminator(lambda given: "array" if isinstance(given, list) else "text"),
]
Note = Annotated[str, StringConstraints(max_length=500)]


class Assignment(BaseModel):
    """A seat held by an e-mail address over a period of days."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE_ASSIGNMENT})

    id: str
    license_id: str
    product: str
    email: str
    first_day: date
    last_day: date | None = Field(description="The last day, included; null: as long as the license.")
    seat: int = Field(description="The seat's number within the license.")
    status: str = Field(description="`scheduled`, `active`, `ended` or `deactivated`.")
    automatic: bool = Field(description="The buyer's own first seat, given without being asked.")
    note: str | None
    previous_id: str | None = Field(description="The assignment whose seat this one took over.")
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str | None
    ended_reason: str | None = Field(
        description="`deactivated`, `reassigned`, `released`, `ended`, `license_ended` or `rolled_back`."
    )


class AssignmentPage(BaseModel):
    """One page of assignments, and how many there are in all."""

    items: list[Assignment]
    next_cursor: str | None
    total: int = Field(description="How many match, on all pages together.")


class AssignSeats(BaseModel):
    """Who shall get a seat, and for which days."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"emails": "jane@example.com, John Doe <john@example.com>", "notify": True}},
    )

    emails: Addresses = Field(
        description="Addresses as a text, separated by comma, semicolon, line break or tab, or as a list; at most "
        f"{ADDRESSES_AT_MOST}."
    )
    first_day: date | None = Field(default=None, description="Default: today.")
    last_day: date | None = Field(default=None, description="Default: as long as the license.")
    notify: bool = Field(default=True, description="Whether each colleague is mailed an invitation.")
    dry_run: bool = Field(default=False, description="Answer what would happen, and change nothing.")
    note: Note | None = None


class AssignmentResult(BaseModel):
    """What became of one address."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "input": "jane@example.com",
                "email": "jane@example.com",
                "result": "assigned",
                "code": None,
                "detail": None,
                "assignment": EXAMPLE_ASSIGNMENT,
            }
        }
    )

    input: str
    email: str | None
    result: str = Field(description="`assigned` or `refused`.")
    code: str | None = Field(
        description="Of a refusal: `invalid_email`, `duplicate_in_input`, `already_assigned`, `no_free_seat`, "
        "`outside_license_term`, `period_in_past` or `license_not_active`."
    )
    detail: str | None = Field(description="Of a refusal: a sentence fit for the end user.")
    assignment: Assignment | None = Field(description="Null for refusals and in a dry run.")


class AssignmentResults(BaseModel):
    """One result per address, in the order of the input."""

    items: list[AssignmentResult]
    next_cursor: str | None
    assigned: int
    refused: int
    dry_run: bool


class ChangePeriod(BaseModel):
    """New days for an assignment: only what is sent changes."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"first_day": "2027-03-01", "last_day": "2027-06-30"}}
    )

    first_day: date | None = None
    last_day: date | None = Field(default=None, description="Null: as long as the license.")
    note: Note | None = None
    notify: bool = True


class Deactivate(BaseModel):
    """How access ends: at once, or after a last day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"note": "left the company"}})

    last_day: date | None = Field(default=None, description="The last day of access, included; default: ends now.")
    note: Note | None = None
    notify: bool = True


class Reassign(BaseModel):
    """Who gets the seat instead."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"email": "john@example.com"}})

    email: str
    note: Note | None = None
    notify: bool = True


class Seat(BaseModel):
    """One seat of a license and everybody who held, holds or will hold it."""

    seat: int
    status: str = Field(description="`held`, `scheduled`, `free` or `retired`.")
    holder: Assignment | None = Field(description="Who holds it now.")
    upcoming: list[Assignment]
    past: list[Assignment]


class PreviewResize(BaseModel):
    """A number of seats, and the assignments that would be given up for it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"quantity": 3, "release": []}})

    quantity: int = Field(ge=1, le=100_000)
    release: list[str] = Field(default=[], max_length=ADDRESSES_AT_MOST, description="Ids of assignments.")


class ResizePreview(BaseModel):
    """Nobody loses a seat by this quantity, but those who are named."""

    license_id: str
    quantity: int
    seats_in_use: int = Field(description="Seats still needed once the named assignments are given up.")
    release: list[Assignment]
