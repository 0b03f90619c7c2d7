"""Addresses that get no mail: operators only."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy import select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.emails import InvalidEmail, normalize_email
from chassis.kernel.errors import FieldError, Invalid
from notifications.suppressions.errors import SuppressionNotFound
from notifications.suppressions.lift import lift
from notifications.suppressions.models import suppressions
from notifications.suppressions.schemas import CreateSuppression, Suppression
from notifications.suppressions.suppress import suppress

router = APIRouter(tags=["suppressions"])

Watching = Annotated[Principal, requires("operator:read", "operator:write")]
Acting = Annotated[Principal, requires("operator:write")]


@router.get("/suppressions")
async def list_suppressions(reader: Read, page: PageQuery, _: Watching, email: str | None = None) -> Page[Suppression]:
    """The addresses that get no mail, newest first."""
    statement = select(suppressions)
    if email is not None:
        statement = statement.where(suppressions.c.email == _normalized(email, "?email"))
    order_by = [suppressions.c.created_at, suppressions.c.id]
    return await page_of(reader, statement, page, order_by=order_by, convert=Suppression.of, descending=True)


@router.post("/suppressions", status_code=201, responses=problems(Invalid))
async def create_suppression(tx: Tx, body: CreateSuppression, principal: Acting, response: Response) -> Suppression:
    """Send no more mail to an address, mandatory mails included."""
    row = await suppress(
        tx,
        email=_normalized(body.email, "/email"),
        reason=body.reason,
        detail=body.detail,
        expires_at=body.expires_at,
        by=principal.actor,
    )
    suppression = Suppression.of(row)
    response.headers["Location"] = f"/api/v1/suppressions/{suppression.id}"
    return suppression


@router.get("/suppressions/{suppression_id}", responses=problems(SuppressionNotFound))
async def get_suppression(reader: Read, suppression_id: str, _: Watching) -> Suppression:
    """One address that gets no mail, and why."""
    row = await reader.first(select(suppressions).where(suppressions.c.id == suppression_id))
    if row is None:
        raise SuppressionNotFound()
    return Suppression.of(row)


@router.delete("/suppressions/{suppression_id}", status_code=204, responses=problems(SuppressionNotFound))
async def delete_suppression(tx: Tx, suppression_id: str, _: Acting) -> None:
    """Let mails go to the address again. Mails that were not sent meanwhile can be sent by `resend`."""
    await lift(tx, suppression_id=suppression_id)


def _normalized(text: str, pointer: str) -> str:
    try:
        return normalize_email(text)
    except InvalidEmail as error:
        raise Invalid(errors=[FieldError(pointer, "invalid_email", str(error))]) from error
