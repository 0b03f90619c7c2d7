"""What clients are promised about licenses."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

EXAMPLE_TERM = {"first_day": "2027-01-01", "last_day": "2027-12-31"}


class Term(BaseModel):
    """The days that are paid for, both included; no last day for a one-off license without expiry."""

    first_day: date
    last_day: date | None


class Units(BaseModel):
    """How much of a license that is counted in units is used."""

    total: int
    used: int
    left: int


class License(BaseModel):
    """A product, a term and a number of seats, granted by a subscription or a one-off purchase."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "lic_01k0q3v7w2d8m4n6p8r0t2v4x6",
                "organization_id": "org_01k0q3v7w2d8m4n6p8r0t2v4x6",
                "product": "cad-pro",
                "product_name": {"en": "CAD Pro"},
                "status": "active",
                "term": EXAMPLE_TERM,
                "renews": True,
                "grace_until": None,
                "quantity": 5,
                "assigned": 3,
                "free": 2,
                "over_quantity": 0,
                "subscription_id": "sub_01k0q3v7w2d8m4n6p8r0t2v4x6",
                "subscription_number": "S-2026-000123",
                "invoice_number": "RE-2026-000001",
                "origin": "transferred",
                "units": None,
                "notices": ["seats_waiting"],
                "created_at": "2026-11-23T00:00:03Z",
            }
        }
    )

    id: str
    organization_id: str
    product: str = Field(description="The product's code.")
    product_name: dict[str, str]
    status: str = Field(description="`scheduled`, `active`, `grace`, `suspended`, `ended` or `used_up`.")
    term: Term
    renews: bool = Field(description="Whether another term follows by itself.")
    grace_until: date | None = Field(description="After a failed payment: the last day on which access goes on.")
    quantity: int
    assigned: int = Field(description="Seats that somebody holds today or later.")
    free: int = Field(description="Seats that wait for somebody.")
    over_quantity: int = Field(
        description="Seats still held that the smaller quantity no longer has; each is retired when it becomes free."
    )
    subscription_id: str | None
    subscription_number: str | None
    invoice_number: str | None
    origin: str = Field(description="`subscription`, `transferred` or `one_off`.")
    units: Units | None = Field(description="For a one-off license counted in units.")
    notices: list[str] = Field(
        description="What deserves a look: `seats_low` (no seat is free), `seats_waiting` (seats wait for somebody), "
        "`expiring` (ends within 30 days and does not renew)."
    )
    created_at: datetime


class UseUnits(BaseModel):
    """Units that were used; telling the same reference again changes nothing. Without one, every call counts."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"units": 3, "reference": "job-4711"}})

    units: int = Field(ge=1, le=1_000_000_000)
    reference: str | None = Field(
        default=None, min_length=1, max_length=200, description="The caller's own name for this use."
    )
