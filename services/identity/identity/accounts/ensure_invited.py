"""Have an account for an address: the one that exists, or a new one waiting for its activation."""

from typing import get_args

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.emails import normalize_email
from chassis.kernel.ids import new_id
from identity.accounts.events import AccountInvited, InvitationReason
from identity.accounts.locales import known_locale
from identity.accounts.models import accounts
from identity.accounts.queries import Account, account_columns, find_account
from identity.audit.record import record

LONGEST_NAME = 200
MAILED = ("member", "operator", "registration")
assert set(MAILED) < set(get_args(InvitationReason))


async def ensure_invited(
    tx: Transaction,
    *,
    email: str,
    reason: InvitationReason,
    name: str = "",
    locale: str = "en",
    organization_id: str | None = None,
    operator_roles: tuple[str, ...] = (),
) -> tuple[Account, bool]:
    """The account of `email`, and whether it was made just now.

    Two callers at once get the same account, because addresses are unique; only the maker tells the others.
    Raises InvalidEmail for something that is no address.
    """
    address = normalize_email(email)
    statement = (
        insert(accounts)
        .values(
            id=new_id("acc"),
            email=address,
            name=_tidy(name),
            locale=known_locale(locale),
            status="invited",
            operator_roles=list(operator_roles),
            created_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=[accounts.c.email])
        .returning(*account_columns)
    )
    row = await tx.first(statement)
    if row is None:
        existing = await find_account(tx, email=address)
        assert existing is not None
        return existing, False
    account = Account.of(row)
    tx.emit(
        AccountInvited(
            account_id=account.id,
            email=account.email,
            locale=account.locale,
            name=account.name,
            organization_id=organization_id,
            reason=reason,
        )
    )
    if reason in MAILED:
        await record(tx, "account.invited", account.id, organization_id=organization_id, reason=reason)
    return account, True


def _tidy(name: str) -> str:
    """A name as it can be shown: what comes from other systems may be endless or hold control characters."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST_NAME]
