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


async def end_all(desk: SessionDesk, *, session_id: str | None, account_id: str | None) -> None:
    """What the provider says is over: a session of its own, or all that an account has open. Twice is harmless."""
    async with desk.database.read() as reader:
        if session_id:
            await forget_session(reader, session_id)
            desk.cache.drop_session(session_id)
        elif account_id:
            await forget_account(reader, account_id)
            desk.cache.drop_account(account_id)


async def forget_session(reader: Reader, session_id: str) -> None:
    """Remove the rows of the provider's session."""
    await store.remove_by_session(reader, session_id)


async def forget_account(reader: Reader, account_id: str) -> None:
    """Remove all rows of an account."""
    await store.remove_by_account(reader, account_id)
