"""A person's own sessions."""

from typing import Annotated

from fastapi import APIRouter

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, authenticated
from chassis.http.pages import Page, PageQuery, page_of_items
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from identity.sessions import store
from identity.sessions.end import end_session, end_sessions_of
from identity.sessions.errors import SessionNotFound
from identity.sessions.queries import live_sessions_of
from identity.sessions.schemas import SessionView

router = APIRouter(tags=["Me"])

Me = Annotated[Principal, authenticated()]


@router.get("/me/sessions", responses=problems(Invalid))
async def list_my_sessions(reader: Read, run: Run, page: PageQuery, me: Me) -> Page[SessionView]:
    """Where you are signed in, the latest used first."""
    known = await live_sessions_of(reader, me.subject, now=run.edges.real_clock.now())
    return page_of_items([SessionView.of(one, current_id=me.session_id) for one in known], page)


@router.delete("/me/sessions", status_code=204)
async def end_my_other_sessions(tx: Tx, me: Me) -> None:
    """Sign out everywhere but here."""
    await end_sessions_of(tx, me.subject, "ended_by_owner", except_id=me.session_id)


@router.delete("/me/sessions/{session_id}", status_code=204, responses=problems(SessionNotFound))
async def end_my_session(session_id: str, tx: Tx, me: Me) -> None:
    """Sign out in one browser."""
    session = await store.by_id(tx, session_id=session_id)
    if session is None or session.account_id != me.subject:
        raise SessionNotFound()
    await end_session(tx, session_id, "ended_by_owner")
