"""What clients are promised about reports."""

from datetime import date, datetime

from pydantic import BaseModel, Field


class SeatUsage(BaseModel):
    """How the seats of one license are used."""

    organization_id: str
    license_id: str
    product: str
    product_name: dict[str, str]
    subscription_number: str | None
    invoice_number: str | None
    first_day: date
    last_day: date | None
    status: str
    quantity: int
    assigned: int = Field(description="Seats that somebody holds today or later.")
    in_use_today: int
    scheduled: int = Field(description="Seats that somebody holds only later.")
    waiting: int = Field(description="Seats that still wait for somebody.")
    over_quantity: int


class SeatUsageTotals(BaseModel):
    """The sums over all licenses that were asked about, on all pages together."""

    licenses: int
    quantity: int
    assigned: int
    waiting: int


class SeatUsageReport(BaseModel):
    """The use of all seats at one moment."""

    as_of: datetime
    items: list[SeatUsage]
    next_cursor: str | None
    totals: SeatUsageTotals
