"""A person's own consents."""

from typing import Annotated

from fastapi import APIRouter

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Tx, authenticated
from chassis.http.pages import Page, PageQuery, page_of_items
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from identity.grants.errors import ConsentNotFound
from identity.grants.queries import consents_of
from identity.grants.schemas import ConsentView
from identity.grants.withdraw import withdraw

router = APIRouter(tags=["Me"])

Me = Annotated[Principal, authenticated()]


@router.get("/me/consents", responses=problems(Invalid))
async def list_my_consents(reader: Read, page: PageQuery, me: Me) -> Page[ConsentView]:
    """The applications that you let act for you."""
    return page_of_items([ConsentView.of(consent) for consent in await consents_of(reader, me.subject)], page)


@router.delete("/me/consents", status_code=204)
async def withdraw_my_consents(tx: Tx, me: Me) -> None:
    """Let no application act for you any more."""
    await withdraw(tx, account_id=me.subject)


@router.delete("/me/consents/{client_id}", status_code=204, responses=problems(ConsentNotFound))
async def withdraw_my_consent(client_id: str, tx: Tx, me: Me) -> None:
    """Let one application not act for you any more; its tokens end at once."""
    if not await withdraw(tx, account_id=me.subject, client_id=client_id):
        raise ConsentNotFound()
