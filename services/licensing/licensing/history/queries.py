"""Read what was done."""

from typing import Any

from sqlalchemy import Row, Select, select

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from licensing.accounts.queries import emails_of
from licensing.history.models import history
from licensing.history.schemas import HistoryEntry

PERSON = "user:"


async def history_of_license(reader: Reader, license_id: str, page: PageParams) -> Page[HistoryEntry]:
    """What was done to a license and its assignments, newest first."""
    statement = select(history).where(history.c.license_id == license_id)
    return await _page(reader, statement, page, descending=True)


async def history_of_assignment(reader: Reader, assignment_id: str, page: PageParams) -> Page[HistoryEntry]:
    """What was done to an assignment, newest first."""
    statement = select(history).where(history.c.assignment_id == assignment_id)
    return await _page(reader, statement, page, descending=True)


async def history_from_the_beginning(reader: Reader, license_id: str, page: PageParams) -> Page[HistoryEntry]:
    """The same, oldest first."""
    statement = select(history).where(history.c.license_id == license_id)
    return await _page(reader, statement, page, descending=False)


async def _page(reader: Reader, statement: Select[Any], page: PageParams, *, descending: bool) -> Page[HistoryEntry]:
    found = await page_of(reader, statement, page, order_by=[history.c.no], convert=_entry, descending=descending)
    people = {entry.actor: entry.actor.removeprefix(PERSON) for entry in found.items if entry.actor.startswith(PERSON)}
    emails = await emails_of(reader, set(people.values()))
    for entry in found.items:
        entry.by = emails.get(people.get(entry.actor, ""))
    return found


def _entry(row: Row[Any]) -> HistoryEntry:
    return HistoryEntry(
        at=row.happened_at,
        action=row.action,
        actor=row.actor,
        license_id=row.license_id,
        assignment_id=row.assignment_id,
        details=row.details,
    )
