"""What the verbs of this folder work with: the table, the cipher, the memory, the provider."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from chassis.auth.revocations import Revocations
from chassis.db.transaction import Database
from gateway.provider.client import Provider
from gateway.provider.tokens import Tokens
from gateway.sessions import store
from gateway.sessions.cache import SessionCache
from gateway.sessions.cipher import Cipher
from gateway.sessions.session import OPERATOR_SCOPES, GatewaySession
from gateway.settings import GatewaySettings

REFRESHES_AT_ONCE = 4
"""Each holds a database connection while identity is asked; the others must stay free for those who need no refresh."""


@dataclass(frozen=True, slots=True)
class SessionDesk:
    """One per process."""

    database: Database
    provider: Provider
    cipher: Cipher
    cache: SessionCache
    revocations: Revocations
    settings: GatewaySettings
    is_secure: bool
    locks: dict[str, tuple[asyncio.Lock, int]] = field(default_factory=dict)
    refreshing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(REFRESHES_AT_ONCE))

    @property
    def cookie_name(self) -> str:
        """`__Host-gw` on https, where the browser then guarantees host, path and Secure; `gw` on loopback."""
        return "__Host-gw" if self.is_secure else "gw"

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Within this process one task at a time works on the session, so that waiting costs no connection."""
        lock, waiting = self.locks.get(key) or (asyncio.Lock(), 0)
        self.locks[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self.locks.pop(key)
            if waiting > 1:
                self.locks[key] = (lock, waiting - 1)

    def lifetime(self, scopes: frozenset[str]) -> tuple[timedelta, timedelta]:
        """How long a session may be idle, and how long it may live at all; shorter with operator rights."""
        settings = self.settings
        if scopes & OPERATOR_SCOPES:
            return timedelta(minutes=settings.operator_idle_minutes), timedelta(hours=settings.operator_session_hours)
        return timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)

    def is_over(self, session: GatewaySession, now: datetime) -> bool:
        """Whether it ran out, or its end was noticed: here, or by an event of the provider."""
        return (
            session.over_at < now
            or self.cache.has_ended(session)
            or self.revocations.refuses(
                subject=session.account_id,
                client_id=self.settings.client_id,
                session_id=session.session_id,
                issued_at=session.created_at.timestamp(),
            )
        )

    def sealed(self, key: str, tokens: Tokens) -> dict[str, Any]:
        """The columns of a row that come from a set of tokens; what the set lacks keeps its value."""
        values: dict[str, Any] = {
            "session_id": tokens.session_id,
            "account_id": tokens.account_id,
            "organization_id": tokens.organization_id,
            "roles": sorted(tokens.roles),
            "scopes": sorted(tokens.scopes),
            "email": tokens.email,
            "access_token": self.cipher.seal(tokens.access_token, place=f"{key}:access_token"),
            "access_expires_at": tokens.expires_at,
        }
        if tokens.refresh_token:
            values["refresh_token"] = self.cipher.seal(tokens.refresh_token, place=f"{key}:refresh_token")
        if tokens.id_token:
            values["id_token"] = self.cipher.seal(tokens.id_token, place=f"{key}:id_token")
        if tokens.name is not None:
            values |= {"name": tokens.name, "locale": tokens.locale}
        return values

    def opened(self, row: Row[Any], column: str) -> str | None:
        """A token of the row, readable."""
        sealed = getattr(row, column)
        return None if sealed is None else self.cipher.open(sealed, place=f"{row.key}:{column}")

    def session_of(self, row: Row[Any]) -> GatewaySession:
        """The row as the gateway works with it."""
        return GatewaySession(
            key=row.key,
            session_id=row.session_id,
            account_id=row.account_id,
            organization_id=row.organization_id,
            roles=frozenset(row.roles),
            scopes=frozenset(row.scopes),
            email=row.email,
            name=row.name,
            locale=row.locale,
            access_token=self.opened(row, "access_token") or "",
            access_expires_at=row.access_expires_at,
            created_at=row.created_at,
            used_at=row.used_at,
            idle=store.idle_of(row),
            expires_at=row.expires_at,
        )


def key_of(cookie: str) -> str:
    """How the table knows a cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()
