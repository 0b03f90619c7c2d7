"""Reads of accounts that other features may use."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, select

from chassis.db.transaction import Reader
from chassis.kernel.emails import InvalidEmail, normalize_email
from identity.accounts.models import accounts, passwords


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in, or will be able to once the account is activated."""

    id: str
    email: str
    name: str
    locale: str
    status: str
    operator_roles: tuple[str, ...]
    created_at: datetime
    tokens_not_before: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> "Account":
        """The account that a row of `account_columns` holds."""
        return cls(
            id=row.id,
            email=row.email,
            name=row.name,
            locale=row.locale,
            status=row.status,
            operator_roles=tuple(row.operator_roles),
            created_at=row.created_at,
            tokens_not_before=row.tokens_not_before,
        )

    @property
    def is_active(self) -> bool:
        """Whether this person may sign in."""
        return self.status == "active"

    @property
    def is_operator(self) -> bool:
        """Whether this person belongs to the vendor's own staff."""
        return bool(self.operator_roles)


account_columns = (
    accounts.c.id,
    accounts.c.email,
    accounts.c.name,
    accounts.c.locale,
    accounts.c.status,
    accounts.c.operator_roles,
    accounts.c.created_at,
    accounts.c.tokens_not_before,
)

people = select(
    accounts.c.id,
    accounts.c.email,
    accounts.c.name,
    accounts.c.locale,
    accounts.c.status,
    accounts.c.activated_at,
).subquery("people")
"""Accounts as neighbours join them to their own rows."""


async def find_account(reader: Reader, *, account_id: str | None = None, email: str | None = None) -> Account | None:
    """The account with that id, or with that address in whatever case; None when there is none."""
    statement = select(*account_columns)
    if account_id is not None:
        statement = statement.where(accounts.c.id == account_id)
    else:
        statement = statement.where(accounts.c.email == as_stored(email or ""))
    row = await reader.first(statement)
    return Account.of(row) if row else None


async def accounts_by_email(reader: Reader, emails: Collection[str]) -> dict[str, Account]:
    """The accounts that have these addresses (as stored), by address; those of nobody are left out."""
    if not emails:
        return {}
    rows = await reader.all(select(*account_columns).where(accounts.c.email.in_(emails)))
    return {row.email: Account.of(row) for row in rows}


async def find_account_wanting(reader: Reader, email: str) -> Account | None:
    """The account that wants to have this address and has not proved yet that it can; of several, the latest to ask."""
    row = await reader.first(
        select(*account_columns)
        .where(accounts.c.pending_email == as_stored(email), accounts.c.status == "active")
        .order_by(accounts.c.pending_email_at.desc())
        .limit(1)
    )
    return Account.of(row) if row else None


async def lock_account(reader: Reader, account_id: str) -> Account | None:
    """The account, its row locked until the transaction ends."""
    row = await reader.first(
        select(*account_columns).where(accounts.c.id == account_id).with_for_update(key_share=True)
    )
    return Account.of(row) if row else None


async def has_password(reader: Reader, account_id: str) -> bool:
    """Whether the account was ever given a password."""
    return bool(await reader.scalar(select(exists().where(passwords.c.account_id == account_id))))


def as_stored(email: str) -> str:
    """The form in which an address is stored, for filters; something that is no address finds nothing."""
    try:
        return normalize_email(email)
    except InvalidEmail:
        return ""


def select_accounts() -> Select[Any]:
    """Every account, to be filtered further: the columns of `Account`."""
    return select(*account_columns)
