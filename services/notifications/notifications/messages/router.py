"""The mails that were asked for: operators only."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.emails import InvalidEmail, normalize_email
from chassis.kernel.errors import FieldError, Invalid
from notifications.delivery.rules import message_id as rfc_message_id
from notifications.messages.errors import MessageExpired, MessageNotFound, MessageOnItsWay, RecipientSuppressed
from notifications.messages.models import messages
from notifications.messages.resend import resend
from notifications.messages.schemas import Message, MessageDetails, Status
from notifications.messages.store import attempts_of

router = APIRouter(tags=["messages"])

Watching = Annotated[Principal, requires("operator:read", "operator:write")]
Acting = Annotated[Principal, requires("operator:write")]


@router.get("/messages", responses=problems(Invalid))
async def list_messages(
    reader: Read,
    page: PageQuery,
    _: Watching,
    to: Annotated[str | None, Query(description="The recipient's address.")] = None,
    template: Annotated[str | None, Query(description="The mail's key, such as `transfer-welcome`.")] = None,
    status: Status | None = None,
    correlation: Annotated[str | None, Query(description="What it is about, such as `transfer:trf_…`.")] = None,
) -> Page[Message]:
    """Mails, newest first, with what became of them."""
    statement = select(messages)
    filters = {messages.c.template: template, messages.c.status: status, messages.c.correlation: correlation}
    if to is not None:
        filters[messages.c.to_address] = _address(to)
    for column, wanted in filters.items():
        if wanted is not None:
            statement = statement.where(column == wanted)
    return await page_of(reader, statement, page, order_by=[messages.c.id], convert=Message.of, descending=True)


@router.get("/messages/{message_id}", responses=problems(MessageNotFound))
async def get_message(reader: Read, runtime: Run, message_id: str, _: Watching) -> MessageDetails:
    """One mail: its text, its data, and every attempt to hand it over. One-time links are never kept."""
    row = await reader.first(select(messages).where(messages.c.id == message_id))
    if row is None:
        raise MessageNotFound()
    return MessageDetails.with_log(
        row,
        message_id=rfc_message_id(row.dedupe_key, runtime.edges.mail.message_id_domain),
        log=await attempts_of(reader, message_id),
    )


@router.post(
    "/messages/{message_id}/resend",
    status_code=202,
    responses=problems(MessageNotFound, MessageOnItsWay, MessageExpired, RecipientSuppressed),
)
async def resend_message(tx: Tx, message_id: str, _: Acting) -> Message:
    """Send a mail once more. One that failed, bounced or is held goes again as itself; one that was sent, as a copy."""
    return Message.of(await resend(tx, message_id=message_id))


def _address(text: str) -> str:
    try:
        return normalize_email(text)
    except InvalidEmail as error:
        raise Invalid(errors=[FieldError("?to", "invalid_email", str(error))]) from error
