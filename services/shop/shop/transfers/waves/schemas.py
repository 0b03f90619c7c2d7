"""Waves as operators plan and see them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shop.transfers.dry_run.schemas import BothSides

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
WINDOW = (
    "Nobody moves whose next renewal falls within this many days from the transfer date on (both days count, by the"
    " customer's calendar): they are held, with the code `renewal_in_safety_window`. 0: no such window."
)


class WaveFilter(BaseModel):
    """Chooses the customers known from the last exports who have something to move and are in no wave yet."""

    model_config = ConfigDict(extra="forbid")

    region: str | None = Field(default=None, description="Only customers of this price region.")
    country: str | None = Field(default=None, description="Only customers of this country.")
    renewal_from: date | None = Field(default=None, description="The first next renewal is on this day or later.")
    renewal_to: date | None = Field(default=None, description="The first next renewal is on this day or earlier.")
    min_seats: int | None = Field(default=None, ge=0)
    max_seats: int | None = Field(default=None, ge=0, description="At most this many seats in total.")
    outcome: Literal["moves", "blocked"] | None = Field(
        default=None, description="As the last import's check found; default: both."
    )
    outside_safety_window: bool = Field(
        default=False,
        description="Leave out who has a renewal within the wave's safety window; otherwise they are taken and held.",
    )
    limit: int | None = Field(default=None, ge=1, le=100_000, description="At most this many customers.")


class CreateTransferWave(BaseModel):
    """A wave: its name, its date, and who moves: legacy customer ids, or a filter."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "Pilot", "transfer_on": "2027-02-23", "customers": ["C10015", "C10016"]},
                {"name": "France", "transfer_on": "2027-03-09", "filter": {"region": "france", "max_seats": 50}},
            ]
        },
    )

    name: Name
    transfer_on: date
    customers: list[str] | WaveFilter | None = Field(default=None, description="Legacy customer ids, or a filter.")
    filter: WaveFilter | None = Field(default=None, description="The same filter under its own name.")
    safety_window_days: int = Field(default=0, ge=0, le=60, description=WINDOW)


class ChangeTransferWave(BaseModel):
    """What changes. Another `transfer_on` announces the new date to everybody who was told the old one."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    transfer_on: date | None = None
    safety_window_days: int | None = Field(default=None, ge=0, le=60, description=WINDOW)
    customers: list[str] | WaveFilter | None = Field(
        default=None, description="Replaces the customers; only while the wave is a draft."
    )


class Funnel(BaseModel):
    """How many customers of the wave have come how far; each counts in every step it has passed."""

    planned: int
    announced: int
    reminded: int
    transferred: int
    activated: int
    first_sign_in: int
    first_renewal: int
    settled: int


class LastCheck(BaseModel):
    """The totals of the last dry run; `money` compares both shops per currency."""

    checked_at: datetime
    transfer_on: date
    summary: dict[str, Any]
    money: list[BothSides]


class CheckProgress(BaseModel):
    """A dry run of a large wave, under way or failed; its result is read at `GET /transfer-waves/{id}/check`."""

    state: Literal["running", "failed"]
    asked_at: datetime
    customers: int
    customers_done: int
    error: str | None


class TransferWave(BaseModel):
    """The customers that move on one date.

    `state`: draft (nothing is sent), scheduled (announcements and reminders go out at their times), running
    (customers are being moved), paused, completed, cancelled. `states` counts the customers by state.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "wav_01k4w2t9y8f7d5v3m1q6r0s2xz",
                    "name": "Pilot",
                    "transfer_on": "2027-02-23",
                    "state": "scheduled",
                    "safety_window_days": 0,
                    "filter": None,
                    "customers": 2,
                    "states": {"announced": 2},
                    "funnel": {
                        "planned": 2,
                        "announced": 2,
                        "reminded": 0,
                        "transferred": 0,
                        "activated": 0,
                        "first_sign_in": 0,
                        "first_renewal": 0,
                        "settled": 0,
                    },
                    "last_check": None,
                    "check_progress": None,
                    "created_by": "client:operator-cli",
                    "created_at": "2027-02-05T09:00:00Z",
                    "scheduled_at": "2027-02-05T09:05:00Z",
                    "started_at": None,
                    "finished_at": None,
                }
            ]
        }
    )

    id: str
    name: str
    transfer_on: date
    state: Literal["draft", "scheduled", "running", "paused", "completed", "cancelled"]
    safety_window_days: int = Field(description=WINDOW)
    filter: WaveFilter | None
    customers: int
    states: dict[str, int]
    funnel: Funnel
    last_check: LastCheck | None
    check_progress: CheckProgress | None = Field(description="While a dry run is under way, or when it failed.")
    created_by: str
    created_at: datetime
    scheduled_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
