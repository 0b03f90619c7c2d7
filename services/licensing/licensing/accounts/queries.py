"""What neighbours may ask about accounts."""

from collections.abc import Collection

from sqlalchemy import any_, bindparam, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from chassis.db.transaction import Reader
from licensing.accounts.models import accounts

BY_ID = select(accounts.c.id, accounts.c.email).where(accounts.c.id == any_(cast(bindparam("ids"), ARRAY(Text))))


async def emails_of(reader: Reader, account_ids: Collection[str]) -> dict[str, str]:
    """The addresses of the accounts that are known, by id."""
    if not account_ids:
        return {}
    return {row.id: row.email for row in await reader.all(BY_ID, {"ids": sorted(account_ids)})}
