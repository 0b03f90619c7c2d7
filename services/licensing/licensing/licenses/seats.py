"""The seats of a license, as neighbours may read them."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from licensing.licenses.models import seats


class SeatRow(BaseModel):
    """A seat: its key, its number within the license, whether it is in use."""

    no: int
    slot: int
    is_live: bool


async def seats_of(reader: Reader, license_id: str, page: PageParams) -> Page[SeatRow]:
    """A page of the license's seats by number."""
    statement = select(seats.c.no, seats.c.slot, seats.c.is_live).where(seats.c.license_id == license_id)
    return await page_of(reader, statement, page, order_by=[seats.c.slot], convert=_seat)


def _seat(row: Row[Any]) -> SeatRow:
    return SeatRow(no=row.no, slot=row.slot, is_live=row.is_live)
