"""The seats of one license over HTTP: “Manage users”, “New user” for one or many, a smaller quantity tried out."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile

from chassis.auth.principal import Principal
from chassis.db.transaction import Transaction
from chassis.http.dependencies import Read, Tx
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from chassis.kernel.emails import email_as_asked
from chassis.kernel.errors import Invalid, TooLarge
from licensing.access.scopes import LicenseReader, LicenseWriter, reading_reach, writing_reach
from licensing.assignments.assign_many import Answer, assign_many
from licensing.assignments.change_period import refusal_of
from licensing.assignments.errors import NotAssignable, SeatsInUse
from licensing.assignments.overview import described, list_counted, list_seats
from licensing.assignments.parse_addresses import ADDRESSES_AT_MOST, Entry, parse_addresses
from licensing.assignments.parse_table import UnreadableTable, parse_table
from licensing.assignments.preview_resize import preview_resize
from licensing.assignments.rules import BAD_DAYS, OUTSIDE_LICENSE_TERM, SENTENCES
from licensing.assignments.schemas import (
    AssignmentPage,
    AssignmentResult,
    AssignmentResults,
    AssignSeats,
    PreviewResize,
    ResizePreview,
    Seat,
)
from licensing.assignments.selection import Filters, Sort, When
from licensing.licenses.errors import LicenseNotFound
from licensing.licenses.queries import license_for

router = APIRouter(tags=["assignments"])

LARGEST_TABLE = 1024 * 1024


@router.get("/licenses/{license_id}/seats", operation_id="list_seats", responses=problems(LicenseNotFound))
async def get_seats(principal: LicenseReader, reader: Read, page: PageQuery, license_id: str) -> Page[Seat]:
    """“Manage users”: the seats of a license and who held, holds and will hold each of them."""
    await license_for(reader, license_id, organization_id=reading_reach(principal))
    return await list_seats(reader, license_id, page)


@router.get(
    "/licenses/{license_id}/assignments",
    operation_id="list_license_assignments",
    responses=problems(LicenseNotFound),
)
async def get_license_assignments(
    principal: LicenseReader,
    reader: Read,
    page: PageQuery,
    license_id: str,
    email: str | None = None,
    search: Annotated[str | None, Query(max_length=320, description="A part of the address, in any case.")] = None,
    seat: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The holders of this seat.")] = None,
    status: str | None = None,
    when: Annotated[When | None, Query(description="`past`: ended or deactivated.")] = None,
    sort: Annotated[Sort | None, Query(description="`-`: downwards. Default: as they were made.")] = None,
    skip: Annotated[int, Query(ge=0, le=1_000_000, description="How many to leave out; not with a `cursor`.")] = 0,
) -> AssignmentPage:
    """The assignments of a license, past ones too. A `cursor` is good for the `sort` that it was given for."""
    await license_for(reader, license_id, organization_id=reading_reach(principal))
    filters = Filters(
        license_id=license_id,
        email=email and email_as_asked(email),
        search=search and search.strip(),
        seat=seat,
        status=status,
        when=when,
    )
    return await list_counted(reader, filters, page, sort=sort, skip=skip)


@router.post(
    "/licenses/{license_id}/assignments",
    operation_id="assign_seats",
    responses=problems(LicenseNotFound, NotAssignable, Invalid),
)
async def post_assignments(principal: LicenseWriter, tx: Tx, license_id: str, body: AssignSeats) -> AssignmentResults:
    """“New user”, for one or many addresses at once: each gets its own answer, a wrong one stops none of the others."""
    return await _assign(tx, principal, license_id, parse_addresses(body.emails), body, named="/emails")


@router.post(
    "/licenses/{license_id}/assignments/import",
    operation_id="import_assignments",
    responses=problems(LicenseNotFound, NotAssignable, Invalid, TooLarge),
)
async def post_assignments_table(
    principal: LicenseWriter,
    tx: Tx,
    license_id: str,
    file: Annotated[UploadFile, File(description="CSV with the columns email, first_day, last_day.")],
    first_day: Annotated[date | None, Form(description="For rows without one.")] = None,
    last_day: Annotated[date | None, Form(description="For rows without one.")] = None,
    notify: Annotated[bool, Form()] = True,
    dry_run: Annotated[bool, Form()] = False,
) -> AssignmentResults:
    """“New user” from a CSV table, with days of its own in each row; answers like the assignment of a list."""
    content = await file.read(LARGEST_TABLE + 1)
    if len(content) > LARGEST_TABLE:
        raise TooLarge("The table may have 1 MiB at most.")
    try:
        entries = parse_table(content)
    except UnreadableTable as error:
        raise refusal_of("/file", "unreadable_table", str(error)) from error
    body = AssignSeats(emails=[], first_day=first_day, last_day=last_day, notify=notify, dry_run=dry_run)
    return await _assign(tx, principal, license_id, entries, body, named="/file")


@router.post(
    "/licenses/{license_id}/resize-preview",
    operation_id="preview_resize",
    responses=problems(LicenseNotFound, NotAssignable, SeatsInUse, Invalid),
)
async def post_resize_preview(
    principal: LicenseReader, reader: Read, license_id: str, body: PreviewResize
) -> ResizePreview:
    """Whether a quantity from the renewal on leaves everybody a seat but those in `release`; if not, 409."""
    license = await license_for(reader, license_id, organization_id=reading_reach(principal))
    in_use, released = await preview_resize(reader, license, quantity=body.quantity, release=body.release)
    return ResizePreview(
        license_id=license.id,
        quantity=body.quantity,
        seats_in_use=in_use,
        release=[described(assignment, reader.now) for assignment in released],
    )


async def _assign(
    tx: Transaction, principal: Principal, license_id: str, entries: Sequence[Entry], body: AssignSeats, *, named: str
) -> AssignmentResults:
    _refuse_unusable(entries, body, named)
    mark = tx.mark()
    trial = await tx.connection.begin_nested() if body.dry_run else None
    answers = await assign_many(
        tx,
        license_id=license_id,
        organization_id=writing_reach(principal),
        entries=entries,
        first_day=body.first_day,
        last_day=body.last_day,
        note=body.note,
        notify=body.notify,
    )
    if trial is not None:
        await trial.rollback()
        tx.return_to(mark)
    items = [_result(answer, tx, is_dry_run=body.dry_run) for answer in answers]
    assigned = sum(answer.code is None for answer in answers)
    return AssignmentResults(
        items=items,
        next_cursor=None,
        assigned=assigned,
        refused=len(items) - assigned,
        dry_run=body.dry_run,
    )


def _result(answer: Answer, tx: Transaction, *, is_dry_run: bool) -> AssignmentResult:
    shown = None if answer.assignment is None or is_dry_run else described(answer.assignment, tx.now)
    return AssignmentResult(
        input=answer.entry.input,
        email=answer.entry.email,
        result="assigned" if answer.code is None else "refused",
        code=answer.code,
        detail=_sentence(answer),
        assignment=shown,
    )


def _sentence(answer: Answer) -> str | None:
    if answer.code == OUTSIDE_LICENSE_TERM and answer.entry.has_bad_days:
        return BAD_DAYS
    return None if answer.code is None else SENTENCES[answer.code]


def _refuse_unusable(entries: Sequence[Entry], body: AssignSeats, named: str) -> None:
    """What is wrong with the whole of the input; `named`: the field that the addresses came in."""
    if not entries:
        raise refusal_of(named, "missing", "Enter at least one e-mail address.")
    if len(entries) > ADDRESSES_AT_MOST:
        raise refusal_of(named, "too_many", f"At most {ADDRESSES_AT_MOST} addresses at once.")
    if body.first_day and body.last_day and body.last_day < body.first_day:
        raise refusal_of("/last_day", "invalid_period", "The last day cannot lie before the first day.")
