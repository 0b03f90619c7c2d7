"""Assignments over HTTP: “Change user”, “Deactivate” and what goes with them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from chassis.http.dependencies import Read, Tx
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from chassis.kernel.emails import email_as_asked
from chassis.kernel.errors import Invalid, PreconditionFailed
from licensing.access.scopes import LicenseReader, LicenseWriter, asked_organization, reading_reach, writing_reach
from licensing.assignments.assignment import Assignment as Stored
from licensing.assignments.change_period import change_period, refusal_of
from licensing.assignments.deactivate import deactivate, deactivate_after
from licensing.assignments.errors import (
    AlreadyAssigned,
    AssignmentNotFound,
    AssignmentOver,
    NoFreeSeat,
)
from licensing.assignments.lock import lock_assignment
from licensing.assignments.overview import assignment_for, described, list_assignments
from licensing.assignments.parse_addresses import entry_of
from licensing.assignments.reassign import reassign
from licensing.assignments.resend_invitation import resend_invitation
from licensing.assignments.rules import SENTENCES
from licensing.assignments.schemas import (
    Assignment,
    ChangePeriod,
    Deactivate,
    Reassign,
)
from licensing.assignments.selection import Filters
from licensing.assignments.set_note import set_note
from licensing.history.queries import history_of_assignment
from licensing.history.schemas import HistoryEntry

router = APIRouter(tags=["assignments"])


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
        email=email and email_as_asked(email),
        product=product,
        status=status,
    )
    return await list_assignments(reader, filters, page)


@router.get("/assignments/{assignment_id}", operation_id="get_assignment", responses=problems(AssignmentNotFound))
async def get_assignment(principal: LicenseReader, reader: Read, response: Response, assignment_id: str) -> Assignment:
    """One assignment, with its `ETag`."""
    assignment = await assignment_for(reader, assignment_id, organization_id=reading_reach(principal))
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
    await assignment_for(reader, assignment_id, organization_id=reading_reach(principal))
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
    in_hand = await lock_assignment(tx, assignment_id, organization_id=writing_reach(principal))
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
    in_hand = await lock_assignment(tx, assignment_id, organization_id=writing_reach(principal))
    check_if_match(request, _etag(in_hand.assignment))
    if wish.last_day is None:
        after = await deactivate(tx, in_hand, note=wish.note, notify=wish.notify)
    else:
        after = await deactivate_after(tx, in_hand, last_day=wish.last_day, note=wish.note, notify=wish.notify)
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
    in_hand = await lock_assignment(tx, assignment_id, organization_id=writing_reach(principal))
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
    in_hand = await lock_assignment(tx, assignment_id, organization_id=writing_reach(principal))
    return described(await resend_invitation(tx, in_hand), tx.now)


def _etag(assignment: Stored) -> str:
    return etag_of(assignment.id, assignment.version)


def _tagged(response: Response, stored: Stored, shown: Assignment) -> Assignment:
    response.headers["ETag"] = _etag(stored)
    return shown
