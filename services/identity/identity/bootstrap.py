"""What must be there before the first request: the built-in tiles and, in development, a first operator."""

from chassis.db.transaction import Database
from chassis.ops.settings import PlatformSettings
from identity.accounts.activate import activate
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.passwords import PasswordHashing
from identity.applications.seed import seed_built_in
from identity.settings import Settings


async def bootstrap(
    database: Database, *, platform: PlatformSettings, settings: Settings, hashing: PasswordHashing
) -> None:
    """Idempotent, and safe when several processes start at once."""
    async with database.transaction(actor="system:bootstrap") as tx:
        await seed_built_in(tx)
    if settings.bootstrap_operator_email and not platform.is_production:
        await make_first_operator(database, settings=settings, hashing=hashing)


async def make_first_operator(database: Database, *, settings: Settings, hashing: PasswordHashing) -> None:
    """Have an active operator with the configured address and password; one that is there stays as it is."""
    password_hash = await hashing.hash(settings.bootstrap_operator_password)
    async with database.transaction(actor="system:bootstrap") as tx:
        account, is_new = await ensure_invited(
            tx,
            email=settings.bootstrap_operator_email,
            reason="assignment",
            name="Operator",
            operator_roles=("operator",),
        )
        if is_new:
            await activate(tx, account_id=account.id, password_hash=password_hash, organization_ids=[])
