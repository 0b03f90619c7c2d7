"""The table of sign-ins under way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert

from chassis.db.transaction import Reader
from gateway.login.models import sign_ins

LIFE = timedelta(minutes=15)


async def add(reader: Reader, *, state_hash: str, secret_hash: str, return_to: str) -> None:
    """One more; it is good for as long as the provider's own sign-in page."""
    expires_at = datetime.now(UTC) + LIFE
    await reader.execute(
        insert(sign_ins).values(
            state_hash=state_hash, secret_hash=secret_hash, return_to=return_to, expires_at=expires_at
        )
    )


async def take(reader: Reader, *, state_hash: str, secret_hash: str) -> Row[Any] | None:
    """The sign-in, once; a second answer to the same state finds nothing."""
    return await reader.first(
        delete(sign_ins)
        .where(
            sign_ins.c.state_hash == state_hash,
            sign_ins.c.secret_hash == secret_hash,
            sign_ins.c.expires_at > datetime.now(UTC),
        )
        .returning(sign_ins)
    )


async def purge(reader: Reader) -> None:
    """Remove those that were given up."""
    await reader.execute(delete(sign_ins).where(sign_ins.c.expires_at < datetime.now(UTC)))
