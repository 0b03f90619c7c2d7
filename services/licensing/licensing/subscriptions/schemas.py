"""What the shop asks about the seats of a subscription, and what it is told."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class CheckResize(BaseModel):
    """A number of seats from the next renewal on, and the assignments to give up for it."""

    model_config = ConfigDict(extra="forbid")

    quantity: int = Field(ge=1)
    release: list[str] = []


class Candidate(BaseModel):
    """An assignment that could be given up."""

    id: str
    email: str
    seat: int
    first_day: date
    last_day: date | None


class ResizeCheck(BaseModel):
    """Whether the quantity leaves everybody a seat but those who are named."""

    fits: bool
    needed: int = Field(description="How many more assignments must be named.")
    seats_in_use: int = Field(description="Seats held at the renewal once the named ones are given up.")
    candidates: list[Candidate] = Field(description="Whom else could be named, by address; empty when it fits.")
    invalid_release: list[str] = Field(description="Ids that name no open assignment of the license.")
