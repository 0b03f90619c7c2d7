"""Reads of second factors that other features may use."""

from sqlalchemy import exists, func, select

from chassis.db.transaction import Reader
from identity.mfa.models import authenticators, recovery_codes


async def has_second_factor(reader: Reader, account_id: str) -> bool:
    """Whether the account has a confirmed authenticator application."""
    confirmed = exists().where(authenticators.c.account_id == account_id, authenticators.c.confirmed_at.is_not(None))
    return bool(await reader.scalar(select(confirmed)))


async def count_recovery_codes(reader: Reader, account_id: str) -> int:
    """How many recovery codes are left."""
    return await reader.scalar(
        select(func.count())
        .select_from(recovery_codes)
        .where(recovery_codes.c.account_id == account_id, recovery_codes.c.used_at.is_(None))
    )
