"""Set up an authenticator application: a secret to scan, then a first code that proves it was."""

import time
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.db.transaction import Reader, Transaction
from identity.audit.record import record
from identity.keys.vault import Vault
from identity.mfa.errors import NoSecondFactor, SecondFactorExists, WrongCode
from identity.mfa.models import authenticators, recovery_codes
from identity.mfa.rules import (
    base32,
    matching_step,
    new_recovery_codes,
    new_secret,
    provisioning_uri,
    recovery_digest,
    tidy,
)
from identity.mfa.verify_second_factor import sealed_name


@dataclass(frozen=True, slots=True)
class Enrollment:
    """What the authenticator application needs, told once."""

    secret: str
    uri: str


async def begin(tx: Transaction, vault: Vault, *, account_id: str, email: str, issuer: str) -> Enrollment:
    """A new secret, which counts for nothing until it is confirmed; asking again replaces it.

    Raises SecondFactorExists when a confirmed authenticator is there.
    """
    secret = new_secret()
    sealed = vault.seal(secret, name=sealed_name(account_id))
    statement = upsert(authenticators).values(account_id=account_id, sealed_secret=sealed)
    row = await tx.first(
        statement.on_conflict_do_update(
            index_elements=[authenticators.c.account_id],
            set_={"sealed_secret": sealed, "last_step": 0},
            where=authenticators.c.confirmed_at.is_(None),
        ).returning(authenticators.c.account_id)
    )
    if row is None:
        raise SecondFactorExists
    return Enrollment(base32(secret), provisioning_uri(secret, issuer=issuer, email=email))


async def pending(reader: Reader, vault: Vault, *, account_id: str, email: str, issuer: str) -> Enrollment | None:
    """The secret that waits for its first code, to show the page again after a wrong one."""
    sealed = await reader.scalar(
        select(authenticators.c.sealed_secret).where(
            authenticators.c.account_id == account_id, authenticators.c.confirmed_at.is_(None)
        )
    )
    if sealed is None:
        return None
    secret = vault.open(sealed, name=sealed_name(account_id))
    return Enrollment(base32(secret), provisioning_uri(secret, issuer=issuer, email=email))


async def confirm(tx: Transaction, vault: Vault, *, account_id: str, code: str) -> list[str]:
    """Recovery codes, told once; from now on signing in asks for a code. Raises NoSecondFactor, WrongCode."""
    row = await tx.first(
        select(authenticators)
        .where(authenticators.c.account_id == account_id, authenticators.c.confirmed_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NoSecondFactor
    secret = vault.open(row.sealed_secret, name=sealed_name(account_id))
    step = matching_step(secret, tidy(code), now=time.time(), last_step=row.last_step)
    if step is None:
        raise WrongCode
    await tx.execute(
        update(authenticators)
        .where(authenticators.c.account_id == account_id)
        .values(confirmed_at=func.now(), last_step=step)
    )
    await record(tx, "mfa.enabled", account_id)
    return await renew_recovery_codes(tx, account_id=account_id)


async def renew_recovery_codes(tx: Transaction, *, account_id: str) -> list[str]:
    """Ten new codes; the old ones count no more."""
    codes = new_recovery_codes()
    await tx.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    rows = [{"account_id": account_id, "digest": recovery_digest(code)} for code in codes]
    await tx.execute(insert(recovery_codes), rows)
    await record(tx, "mfa.recovery_codes_renewed", account_id)
    return codes
