"""An account's rights changed: its open sessions get access tokens that say so, without signing in again."""

from datetime import UTC, datetime

from chassis.db.transaction import Reader
from gateway.sessions import store


async def renew_tokens(reader: Reader, account_id: str) -> None:
    """Have every session of the account refresh its token at its next request; twice costs one refresh more."""
    await store.expire_tokens(reader, account_id, datetime.now(UTC))
