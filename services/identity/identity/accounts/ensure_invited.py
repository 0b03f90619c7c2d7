"""Have an account for an address: the one that exists, or a new one waiting for its activation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from sqlalchemy import text

from chassis.db.transaction import Transaction
from chassis.kernel.emails import normalize_email
from chassis.kernel.ids import new_id
from identity.accounts.events import AccountInvited, InvitationReason
from identity.accounts.locales import known_locale
from identity.accounts.queries import Account, accounts_by_email
from identity.audit.record import record

LONGEST_NAME = 200
MAILED = ("member", "operator", "registration")
assert set(MAILED) < set(get_args(InvitationReason))

# In the order of code points, which is Python's: whoever makes several accounts makes them in the same order, so two
# that make the same ones wait for each other and never in a circle.
MAKE = text(
    "INSERT INTO accounts (id, email, name, locale, status, operator_roles, created_at)"
    " SELECT id, email, name, locale, 'invited', string_to_array(roles, ' '), :now"
    " FROM unnest(CAST(:ids AS text[]), CAST(:emails AS text[]), CAST(:names AS text[]),"
    " CAST(:locales AS text[]), CAST(:roles AS text[])) AS w(id, email, name, locale, roles)"
    ' ORDER BY email COLLATE "C"'
    " ON CONFLICT (email) DO NOTHING"
    " RETURNING id, email, name, locale, status, operator_roles, created_at, tokens_not_before"
)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to have an account for, and why. The address is normalized here."""

    email: str
    reason: InvitationReason
    name: str = ""
    locale: str = "en"
    organization_id: str | None = None
    operator_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ensured:
    """An account that is there now; `news` is what the others shall learn when it was made just now."""

    account: Account
    news: AccountInvited | None


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
    (ensured,) = await ensure_all(tx, [Invitee(email, reason, name, locale, organization_id, operator_roles)])
    if ensured.news is not None:
        tx.emit(ensured.news)
    return ensured.account, ensured.news is not None


async def ensure_all(tx: Transaction, invitees: Sequence[Invitee]) -> list[Ensured]:
    """An account for each, in the order given, in two statements; of several with one address the first makes it.

    Emits nothing: the caller tells the news, on behalf of whoever brought each about. Raises InvalidEmail.
    """
    addresses = [normalize_email(invitee.email) for invitee in invitees]
    first: dict[str, Invitee] = {}
    for address, invitee in zip(addresses, invitees, strict=True):
        first.setdefault(address, invitee)
    made = await _make(tx, first)
    known = made | await accounts_by_email(tx, first.keys() - made.keys())
    for address, account in made.items():
        if (reason := first[address].reason) in MAILED:
            await record(
                tx, "account.invited", account.id, organization_id=first[address].organization_id, reason=reason
            )
    news = {address: _news(account, first[address]) for address, account in made.items()}
    return [Ensured(known[address], news.pop(address, None)) for address in addresses]


async def _make(tx: Transaction, wanted: Mapping[str, Invitee]) -> dict[str, Account]:
    """The accounts that were not there yet, by address."""
    if not wanted:
        return {}
    params = {
        "now": tx.now,
        "ids": [new_id("acc") for _ in wanted],
        "emails": list(wanted),
        "names": [_tidy(invitee.name) for invitee in wanted.values()],
        "locales": [known_locale(invitee.locale) for invitee in wanted.values()],
        "roles": [" ".join(invitee.operator_roles) for invitee in wanted.values()],
    }
    return {row.email: Account.of(row) for row in await tx.all(MAKE, params)}


def _news(account: Account, invitee: Invitee) -> AccountInvited:
    return AccountInvited(
        account_id=account.id,
        email=account.email,
        locale=account.locale,
        name=account.name,
        organization_id=invitee.organization_id,
        reason=invitee.reason,
    )


def _tidy(name: str) -> str:
    """A name as it can be shown: what comes from other systems may be endless or hold control characters."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST_NAME]
