"""Seats and assignments over HTTP: "Manage users", "New user", "Change user", "Deactivate"."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from chassis.auth.principal import Principal
from chassis.db.transaction import Transaction
from chassis.http.dependencies import Read, Tx
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, PreconditionFailed, TooLarge
from licensing.access.scopes import LicenseReader, LicenseWriter, asked_organization, reach_of
from licensing.assignments.assign_many import Answer, assign_many
from licensing.assignments.assignment import Assignment as Stored
from licensing.assignments.change_period import change_period, refusal_of
from licensing.assignments.deactivate import deactivate, deactivate_after
from licensing.assignments.errors import (
    AlreadyAssigned,
    AssignmentNotFound,
    AssignmentOver,
    NoFreeSeat,
    NotAssignable,
    SeatsInUse,
)
from licensing.assignments.lock import lock_assignment
from licensing.assignments.overview import Filters, assignment_for, described, list_assignments, list_seats
from licensing.assignments.parse_addresses import Entry, UnreadableTable, entry_of, parse_addresses, parse_table
from licensing.assignments.preview_resize import preview_resize
from licensing.assignments.reassign import reassign
from licensing.assignments.resend_invitation import resend_invitation
from licensing.assignments.rules import SENTENCES
from licensing.assignments.schemas import (
    ADDRESSES_AT_MOST,
    Assignment,
    AssignmentResult,
    AssignmentResults,
    AssignSeats,
    ChangePeriod,
    Deactivate,
    PreviewResize,
    Reassign,
    ResizePreview,
    Seat,
)
from licensing.assignments.set_note import set_note
from licensing.history.queries import history_of_assignment
from licensing.history.schemas import HistoryEntry
from licensing.licenses.errors import LicenseNotFound
from licensing.licenses.queries import license_for

router = APIRouter(tags=["assignments"])

LARGEST_TABLE = 1024 * 1024


@router.get("/licenses/{license_id}/seats", operation_id="list_seats", responses=problems(LicenseNotFound))
async def get_seats(principal: LicenseReader, reader: Read, page: PageQuery, license_id: str) -> Page[Seat]:
    """“Manage users”: the seats of a license and who held, holds and will hold each of them."""
    await license_for(reader, license_id, organization_id=reach_of(principal))
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
    status: str | None = None,
) -> Page[Assignment]:
    """The assignments of a license, past ones too."""
    await license_for(reader, license_id, organization_id=reach_of(principal))
    filters = Filters(license_id=license_id, email=email and email.strip().lower(), status=status)
    return await list_assignments(reader, filters, page)


@router.post(
    "/licenses/{license_id}/assignments",
    operation_id="assign_seats",
    responses=problems(LicenseNotFound, NotAssignable, Invalid),
)
async def post_assignments(principal: LicenseWriter, tx: Tx, license_id: str, body: AssignSeats) -> AssignmentResults:
    """“New user”, for one or many addresses at once: each gets its own answer, a wrong one stops none of the others."""
    entries = _counted(parse_addresses(body.emails))
    if body.first_day and body.last_day and body.last_day < body.first_day:
        raise refusal_of("/last_day", "invalid_period", "The last day cannot lie before the first day.")
    return await _assign(tx, principal, license_id, entries, body)


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
        entries = _counted(parse_table(content.decode("utf-8")))
    except (UnreadableTable, UnicodeDecodeError) as error:
        raise refusal_of("/file", "unreadable_table", f"The table cannot be read: {error}.") from error
    body = AssignSeats(emails=[], first_day=first_day, last_day=last_day, notify=notify, dry_run=dry_run)
    return await _assign(tx, principal, license_id, entries, body)


@router.post(
    "/licenses/{license_id}/resize-preview",
    operation_id="preview_resize",
    responses=problems(LicenseNotFound, NotAssignable, SeatsInUse, Invalid),
)
async def post_resize_preview(
    principal: LicenseReader, reader: Read, license_id: str, body: PreviewResize
) -> ResizePreview:
    """Whether a quantity leaves everybody their seat but those in `release`; if not, 409 with the candidates."""
    license = await license_for(reader, license_id, organization_id=reach_of(principal))
    in_use, released = await preview_resize(reader, license, quantity=body.quantity, release=body.release)
    return ResizePreview(
        license_id=license.id,
        quantity=body.quantity,
        seats_in_use=in_use,
        release=[described(assignment, reader.now) for assignment in released],
    )


@router.get("/assignments", operation_id="list_assignments")
async def get_assignments(
    principal: LicenseReader,
    reader: Read,
    page: PageQuery,
    organization: Annotated[str | None, Query(description="For operators: only this organization's.")] = None,
    email: str | None = None,
    product: str | None = None,
    status: str | None = None,
) -> Page[Assignment]:
    """All assignments, past ones too."""
    filters = Filters(
        organization_id=asked_organization(principal, organization),
        email=email and email.strip().lower(),
        product=product,
        status=status,
    )
    return await list_assignments(reader, filters, page)


@router.get("/assignments/{assignment_id}", operation_id="get_assignment", responses=problems(AssignmentNotFound))
async def get_assignment(principal: LicenseReader, reader: Read, response: Response, assignment_id: str) -> Assignment:
    """One assignment, with its `ETag`."""
    assignment = await assignment_for(reader, assignment_id, organization_id=reach_of(principal))
    return _tagged(response, assignment, described(assignment, reader.now))


@router.get(
    "/assignments/{assignment_id}/history",
    operation_id="list_assignment_history",
    responses=problems(AssignmentNotFound),
)
async def get_assignment_history(
    principal: LicenseReader, reader: Read, page: PageQuery, assignment_id: str
) -> Page[HistoryEntry]:
    """Who did what to the assignment, newest first."""
    await assignment_for(reader, assignment_id, organization_id=reach_of(principal))
    return await history_of_assignment(reader, assignment_id, page)


@router.patch(
    "/assignments/{assignment_id}",
    operation_id="change_assignment",
    responses=problems(AssignmentNotFound, AssignmentOver, AlreadyAssigned, NoFreeSeat, PreconditionFailed, Invalid),
)
async def patch_assignment(
    principal: LicenseWriter,
    tx: Tx,
    request: Request,
    response: Response,
    assignment_id: str,
    body: ChangePeriod,
) -> Assignment:
    """“Change user”: new first and last days, or a note."""
    in_hand = await lock_assignment(tx, assignment_id, organization_id=reach_of(principal))
    check_if_match(request, _etag(in_hand.assignment))
    sent = body.model_fields_set
    before = in_hand.assignment
    after = await change_period(
        tx,
        in_hand,
        first_day=body.first_day if "first_day" in sent and body.first_day else before.first_day,
        last_day=body.last_day if "last_day" in sent else before.last_day,
        notify=body.notify,
    )
    if "note" in sent:
        after = await set_note(tx, after, body.note)
    return _tagged(response, after, described(after, tx.now))


@router.post(
    "/assignments/{assignment_id}/deactivate",
    operation_id="deactivate_assignment",
    responses=problems(AssignmentNotFound, AssignmentOver, PreconditionFailed, Invalid),
)
async def post_deactivate(
    principal: LicenseWriter, tx: Tx, request: Request, assignment_id: str, body: Deactivate | None = None
) -> Assignment:
    """“Deactivate”: access ends now and the seat is free at once, or access ends with a last day."""
    wish = body or Deactivate()
    in_hand = await lock_assignment(tx, assignment_id, organization_id=reach_of(principal))
    check_if_match(request, _etag(in_hand.assignment))
    if wish.last_day is None:
        after = await deactivate(tx, in_hand, note=wish.note, notify=wish.notify)
    else:
        after = await deactivate_after(tx, in_hand, last_day=wish.last_day, notify=wish.notify)
    return described(after, tx.now)


@router.post(
    "/assignments/{assignment_id}/reassign",
    operation_id="reassign_seat",
    responses=problems(AssignmentNotFound, AssignmentOver, AlreadyAssigned, PreconditionFailed, Invalid),
)
async def post_reassign(
    principal: LicenseWriter, tx: Tx, request: Request, assignment_id: str, body: Reassign
) -> Assignment:
    """Hand the seat to another address at once, for the days that remain; the new assignment."""
    email = entry_of(body.email).email
    if email is None:
        raise refusal_of("/email", "invalid_email", SENTENCES["invalid_email"])
    in_hand = await lock_assignment(tx, assignment_id, organization_id=reach_of(principal))
    check_if_match(request, _etag(in_hand.assignment))
    after = await reassign(tx, in_hand, email=email, note=body.note, notify=body.notify)
    return described(after, tx.now)


@router.post(
    "/assignments/{assignment_id}/resend-invitation",
    operation_id="resend_invitation",
    responses=problems(AssignmentNotFound, AssignmentOver),
)
async def post_resend_invitation(principal: LicenseWriter, tx: Tx, assignment_id: str) -> Assignment:
    """Mail the invitation again."""
    in_hand = await lock_assignment(tx, assignment_id, organization_id=reach_of(principal))
    return described(await resend_invitation(tx, in_hand), tx.now)


async def _assign(
    tx: Transaction, principal: Principal, license_id: str, entries: Sequence[Entry], body: AssignSeats
) -> AssignmentResults:
    mark = tx.mark()
    trial = await tx.connection.begin_nested()
    answers = await assign_many(
        tx,
        license_id=license_id,
        organization_id=reach_of(principal),
        entries=entries,
        first_day=body.first_day,
        last_day=body.last_day,
        note=body.note,
        notify=body.notify,
    )
    if body.dry_run:
        await trial.rollback()
        tx.return_to(mark)
    else:
        await trial.commit()
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
        detail=None if answer.code is None else SENTENCES[answer.code],
        assignment=shown,
    )


def _counted(entries: list[Entry]) -> list[Entry]:
    if not entries:
        raise refusal_of("/emails", "missing", "Enter at least one e-mail address.")
    if len(entries) > ADDRESSES_AT_MOST:
        raise refusal_of(
            "/emails", "too_many", f"At most {ADDRESSES_AT_MOST} addresses at once; these are {len(entries)}."
        )
    return entries


def _etag(assignment: Stored) -> str:
    return etag_of(assignment.id, assignment.version)


def _tagged(response: Response, stored: Stored, shown: Assignment) -> Assignment:
    response.headers["ETag"] = _etag(stored)
    return shown
