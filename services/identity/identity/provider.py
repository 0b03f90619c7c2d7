"""What the OpenID provider needs before its first request: signing keys, and the platform's own clients."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy.exc import DBAPIError

from chassis.ops.logging import get_logger
from chassis.runtime import Runtime
from identity.clients import ensure
from identity.clients.ensure import ensure_client
from identity.keys.ensure import ensure_keys
from identity.keys.load import load_keys
from identity.settings import Settings

log = get_logger(__name__)

SECONDS_BETWEEN_LOOKS = 60


async def prepare_provider(runtime: Runtime, edges: Any) -> None:
    """Idempotent, and safe when several processes start at once."""
    async with runtime.database.transaction(actor="system:bootstrap") as tx:
        await ensure_keys(tx, edges.vault, now=edges.real_clock.now())
        settings: Settings = runtime.settings
        for client_id, secret in settings.client_secrets().items():
            values = _values_of(client_id, runtime, settings)
            await ensure_client(tx, client_id=client_id, values=values, secret=secret)
        if not runtime.platform.is_production:
            operator_secret = settings.operator_client_secret
            await ensure_client(tx, client_id="operator-cli", values=ensure.operator_machine(), secret=operator_secret)
    await _load(runtime, edges)


@asynccontextmanager
async def following_keys(runtime: Runtime, edges: Any) -> AsyncIterator[None]:
    """Take over the rotations of other processes for as long as the block lasts."""
    task = asyncio.create_task(_follow(runtime, edges))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(runtime: Runtime, edges: Any) -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            await _load(runtime, edges)
        except (DBAPIError, OSError) as error:
            log.warning("signing_keys.not_read", reason=repr(error)[:200])


async def _load(runtime: Runtime, edges: Any) -> None:
    async with runtime.database.read() as reader:
        await load_keys(reader, edges.keys, edges.vault, now=edges.real_clock.now())


def _values_of(client_id: str, runtime: Runtime, settings: Settings) -> dict[str, Any]:
    if client_id == "gateway":
        public_url = runtime.platform.public_url
        return ensure.gateway(public_url, settings.gateway_url or public_url)
    return ensure.service(client_id)
