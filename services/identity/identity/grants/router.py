"""A person's own consents."""

from typing import Annotated

from fastapi import APIRouter

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Tx, authenticated
from chassis.http.problems import problems
from identity.grants.errors import ConsentNotFound
from identity.grants.queries import consents_of
from identity.grants.schemas import Consents, ConsentView
from identity.grants.withdraw import withdraw

router = APIRouter(tags=["Me"])

Me = Annotated[Principal, authenticated()]


@router.get("/me/consents")
async def list_my_consents(reader: Read, me: Me) -> Consents:
    """The applications that you let act for you."""
    items = [ConsentView.of(consent) for consent in await consents_of(reader, me.subject)]
    return Consents(items=items, next_cursor=None)


@router.delete("/me/consents", status_code=204)
async def withdraw_my_consents(tx: Tx, me: Me) -> None:
    """Let no application act for you any more."""
    await withdraw(tx, account_id=me.subject)


@router.delete("/me/consents/{client_id}", status_code=204, responses=problems(ConsentNotFound))
async def withdraw_my_consent(client_id: str, tx: Tx, me: Me) -> None:
    """Let one application not act for you any more; its refresh tokens end at once."""
    if not await withdraw(tx, account_id=me.subject, client_id=client_id):
        raise ConsentNotFound()
