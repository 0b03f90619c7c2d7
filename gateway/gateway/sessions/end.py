"""A session is over: for one browser, for everything that hangs on the provider's session, or for an account."""

from chassis.db.transaction import Reader

from gateway.sessions import store
from gateway.sessions.desk import SessionDesk
from gateway.sessions.session import GatewaySession


async def end(desk: SessionDesk, session: GatewaySession) -> tuple[str | None, str | None]:
    """End one browser's session; its refresh token and id token, for telling the provider."""
    async with desk.database.transaction() as tx:
        row = await store.lock(tx, session.key)
        await store.remove(tx, session.key)
    desk.cache.drop(session.key)
    if row is None:
        return None, None
    return desk.opened(row, "refresh_token"), desk.opened(row, "id_token")


async def end_all_of_session(desk: SessionDesk, reader: Reader, session_id: str) -> None:
    """The provider's session ended. Told twice, or of a session that is not known here: nothing happens."""
    await store.remove_by_session(reader, session_id)
    desk.cache.drop_session(session_id)


async def end_all_of_account(desk: SessionDesk, reader: Reader, account_id: str) -> None:
    """The provider ended whatever an account had open."""
    await store.remove_by_account(reader, account_id)
    desk.cache.drop_account(account_id)
