"""Work for another organization of the same person: new tokens, new cookie."""

from dataclasses import replace

from chassis.kernel.errors import Forbidden, Unauthenticated
from gateway.provider.errors import InvalidToken, ProviderRefused
from gateway.sessions import store
from gateway.sessions.desk import SessionDesk
from gateway.sessions.open import open
from gateway.sessions.session import GatewaySession


class NotYourOrganization(Forbidden):
    """The person is no active member of the organization they want to work for."""

    code = "not-your-organization"
    title = "You are not a member of this organization"


async def switch(desk: SessionDesk, session: GatewaySession, organization_id: str) -> tuple[str, GatewaySession]:
    """The new cookie and session. Identity checks the membership at this very moment, not a role of earlier."""
    async with desk.alone(session.key), desk.database.transaction() as tx:
        row = await store.lock(tx, session.key)
        refresh_token = None if row is None else desk.opened(row, "refresh_token")
        if row is None or refresh_token is None:
            raise Unauthenticated()
        try:
            tokens = await desk.provider.refresh(refresh_token, organization_id=organization_id)
        except (ProviderRefused, InvalidToken) as refusal:
            raise NotYourOrganization() from refusal
        await store.change(tx, session.key, desk.sealed(session.key, tokens))
    if tokens.organization_id != organization_id:
        raise NotYourOrganization()
    kept = replace(
        tokens,
        refresh_token=tokens.refresh_token or refresh_token,
        id_token=tokens.id_token or desk.opened(row, "id_token"),
        name=session.name,
        locale=session.locale,
    )
    return await open(desk, kept, replaces=session.key, ends_by=session.expires_at)
