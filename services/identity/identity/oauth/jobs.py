"""What the provider does by itself: tell clients of ended sessions, forget what has expired."""

from datetime import timedelta
from typing import Any

from chassis.db.transaction import Transaction
from chassis.runtime import Runtime
from chassis.timer import Jobs
from identity.grants.forget import forget_grants
from identity.oauth import store
from identity.oauth.backchannel import DELIVER, deliver, tell_clients
from identity.oauth.rules import REFRESH_ABSOLUTE_LIFE
from identity.sessions.end import TELL_CLIENTS

jobs = Jobs()

KEPT_AFTER_EXPIRY = timedelta(days=2)


@jobs.on(TELL_CLIENTS)
async def on_session_ended(tx: Transaction, payload: dict[str, Any]) -> None:
    """One delivery for each client that knows of the session."""
    await tell_clients(tx, session_id=payload["session_id"])


@jobs.io(DELIVER)
async def deliver_logout_token(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Post a logout token to one client."""
    await deliver(runtime, session_id=payload["session_id"], client_id=payload["client_id"])


@jobs.every("oauth.forget_expired", seconds=600)
async def forget_expired(runtime: Runtime) -> None:
    """Delete codes, tokens and requests that are of no use any more."""
    now = runtime.edges.real_clock.now()
    async with runtime.database.transaction(actor="system:oauth") as tx:
        await store.forget_expired(tx, now=now, codes_before=now - KEPT_AFTER_EXPIRY)
        await forget_grants(tx, before=now - REFRESH_ABSOLUTE_LIFE - KEPT_AFTER_EXPIRY)
