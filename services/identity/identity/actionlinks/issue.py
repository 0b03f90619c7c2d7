"""Mint one-time links for accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.actionlinks.end_links import end_links_of
from identity.actionlinks.rules import LIFETIMES, Purpose, digest_of, new_token

ISSUE = text(
    "INSERT INTO action_links (id, digest, account_id, purpose, new_email, expires_at, ended_at, ended_as)"
    " SELECT id, digest, account_id, purpose, new_email, now() + lifetime,"
    " CASE WHEN is_superseded THEN now() END, CASE WHEN is_superseded THEN 'superseded' END"
    " FROM unnest(CAST(:ids AS text[]), CAST(:digests AS bytea[]), CAST(:accounts AS text[]),"
    " CAST(:purposes AS text[]), CAST(:emails AS text[]), CAST(:lifetimes AS interval[]),"
    " CAST(:superseded AS boolean[])) AS w(id, digest, account_id, purpose, new_email, lifetime, is_superseded)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A link that is wanted; `supersede` ends the account's older links of the same purpose."""

    account_id: str
    purpose: Purpose
    supersede: bool = False
    new_email: str | None = None


async def issue(
    tx: Transaction,
    *,
    account_id: str,
    purpose: Purpose,
    supersede: bool = False,
    new_email: str | None = None,
) -> str:
    """The token of a new link; `supersede` ends the older links of the same purpose."""
    (token,) = await issue_all(tx, [Wish(account_id, purpose, supersede, new_email)])
    return token


async def issue_all(tx: Transaction, wishes: Sequence[Wish]) -> list[str]:
    """The tokens of new links, in the order of the wishes; one that supersedes ends the earlier wishes', too.

    Tokens are told once and stored nowhere. Lifetimes follow the real time, whatever the business clock says.
    """
    if not wishes:
        return []
    for account_id, purpose in sorted({(wish.account_id, wish.purpose) for wish in wishes if wish.supersede}):
        await end_links_of(tx, account_id, purpose=purpose, ended_as="superseded")
    tokens = [new_token() for _ in wishes]
    params = {
        "ids": [new_id("lnk") for _ in wishes],
        "digests": [digest_of(token) for token in tokens],
        "accounts": [wish.account_id for wish in wishes],
        "purposes": [wish.purpose for wish in wishes],
        "emails": [wish.new_email for wish in wishes],
        "lifetimes": [LIFETIMES[wish.purpose] for wish in wishes],
        "superseded": _superseded(wishes),
    }
    await tx.execute(ISSUE, params)
    return tokens


def _superseded(wishes: Sequence[Wish]) -> list[bool]:
    """Whether a later wish ends the link of each."""
    ends: set[tuple[str, Purpose]] = set()
    answers: list[bool] = []
    for wish in reversed(wishes):
        answers.append((wish.account_id, wish.purpose) in ends)
        if wish.supersede:
            ends.add((wish.account_id, wish.purpose))
    return answers[::-1]
