"""What the identity service keeps open while it runs, beside the database and the bus."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from chassis.kernel.clock import Clock, SystemClock
from chassis.ops.brand import Brand, load_brand
from chassis.runtime import Runtime
from identity.accounts.passwords import PasswordHashing
from identity.bootstrap import bootstrap
from identity.clients.directory import ClientDirectory
from identity.keys.ring import KeyRing
from identity.keys.vault import Vault, open_vault
from identity.provider import following_keys, prepare_provider
from identity.signin.turns import Turns


@dataclass
class Edges:
    """Reached as `runtime.edges`."""

    hashing: PasswordHashing
    brand: Brand
    vault: Vault
    clients: ClientDirectory
    keys: KeyRing = field(default_factory=KeyRing)
    turns: Turns = field(default_factory=Turns)
    real_clock: Clock = field(default_factory=SystemClock)
    """The time of security: sessions, tokens and throttles never follow the business clock."""


@asynccontextmanager
async def open_edges(runtime: Runtime) -> AsyncIterator[Edges]:
    """Open what the service needs before its first request, and close it after the last."""
    platform = runtime.platform
    hashing = PasswordHashing()
    try:
        await bootstrap(runtime.database, platform=platform, settings=runtime.settings, hashing=hashing)
        edges = Edges(
            hashing=hashing,
            brand=load_brand(platform),
            vault=open_vault(runtime.settings.key_file or platform.data_dir / "identity.key"),
            clients=ClientDirectory(runtime.database),
        )
        await prepare_provider(runtime, edges)
        async with following_keys(runtime, edges):
            yield edges
    finally:
        hashing.close()
