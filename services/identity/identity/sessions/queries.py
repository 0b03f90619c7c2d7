"""What other features may ask about sessions."""

from datetime import datetime

from chassis.db.transaction import Reader
from identity.clients.queries import names_of_clients
from identity.sessions import store
from identity.sessions.session import KnownSession, Session


async def find_session(reader: Reader, session_id: str) -> Session | None:
    """The session, unless it has ended."""
    return await store.by_id(reader, session_id=session_id)


async def live_sessions_of(reader: Reader, account_id: str, *, now: datetime) -> list[KnownSession]:
    """The sessions a person could end, the latest used first (`now` is real time)."""
    live = [session for session in await store.of_account(reader, account_id=account_id) if session.is_live(now)]
    pairs = await store.clients_of(reader, session_ids=[session.id for session in live]) if live else []
    names = await names_of_clients(reader, sorted({pair.client_id for pair in pairs}))
    return [
        KnownSession(
            session,
            tuple(sorted(names.get(pair.client_id, "") for pair in pairs if pair.session_id == session.id)),
        )
        for session in live
    ]


async def clients_that_know(reader: Reader, session_id: str) -> list[str]:
    """The ids of the clients that were opened in a session, ended or not."""
    return [pair.client_id for pair in await store.clients_of(reader, session_ids=[session_id])]


async def account_of_session(reader: Reader, session_id: str) -> str | None:
    """Whose session it is or was."""
    return await store.account_of(reader, session_id=session_id)
