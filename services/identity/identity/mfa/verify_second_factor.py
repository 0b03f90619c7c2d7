"""Check the second factor of somebody whose password was right."""

import time

from sqlalchemy import func, select, update

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.keys.vault import Vault
from identity.mfa.models import authenticators, recovery_codes
from identity.mfa.rules import matching_step, recovery_digest, tidy


async def verify_second_factor(tx: Transaction, vault: Vault, *, account_id: str, code: str) -> str | None:
    """How the code proves it: `otp` for the authenticator, `rec` for a recovery code; None if it does not.

    Both count once. Throttling the tries is the caller's part.
    """
    if await _is_present_code(tx, vault, account_id, tidy(code)):
        return "otp"
    if await _is_recovery_code(tx, account_id, code):
        await record(tx, "mfa.recovery_code_used", account_id)
        return "rec"
    return None


async def _is_present_code(tx: Transaction, vault: Vault, account_id: str, code: str) -> bool:
    row = await tx.first(
        select(authenticators)
        .where(authenticators.c.account_id == account_id, authenticators.c.confirmed_at.is_not(None))
        .with_for_update()
    )
    if row is None:
        return False
    secret = vault.open(row.sealed_secret, name=sealed_name(account_id))
    step = matching_step(secret, code, now=time.time(), last_step=row.last_step)
    if step is None:
        return False
    await tx.execute(update(authenticators).where(authenticators.c.account_id == account_id).values(last_step=step))
    return True


async def _is_recovery_code(tx: Transaction, account_id: str, code: str) -> bool:
    used = await tx.first(
        update(recovery_codes)
        .where(
            recovery_codes.c.account_id == account_id,
            recovery_codes.c.digest == recovery_digest(code),
            recovery_codes.c.used_at.is_(None),
        )
        .values(used_at=func.now())
        .returning(recovery_codes.c.account_id)
    )
    return used is not None


def sealed_name(account_id: str) -> str:
    """What the vault binds an authenticator's secret to."""
    return f"authenticator:{account_id}"
