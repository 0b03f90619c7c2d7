"""Do without a second factor again."""

from sqlalchemy import delete

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.mfa.errors import NoSecondFactor
from identity.mfa.models import authenticators, recovery_codes


async def remove(tx: Transaction, *, account_id: str) -> None:
    """Forget the authenticator and the recovery codes. Raises NoSecondFactor."""
    row = await tx.first(
        delete(authenticators).where(authenticators.c.account_id == account_id).returning(authenticators.c.confirmed_at)
    )
    if row is None:
        raise NoSecondFactor
    await tx.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    await record(tx, "mfa.disabled", account_id)
