"""When identity ends a session or disables an account, the rows go; the memory of each process hears of it itself."""

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from gateway.sessions.end import forget_account, forget_session
from gateway.sessions.renew import renew_tokens

reactions = Reactions("identity")


class SessionFact(Fact):
    """A session of the provider."""

    session_id: str


class AccountFact(Fact):
    """An account."""

    account_id: str


@reactions.on("identity.session.ended.v1", SessionFact)
async def end_sessions(tx: Transaction, fact: SessionFact, envelope: Envelope) -> None:
    """Idempotent: rows that are gone already are no loss."""
    await forget_session(tx, fact.session_id)


@reactions.on("identity.account.disabled.v1", AccountFact)
async def end_sessions_of_account(tx: Transaction, fact: AccountFact, envelope: Envelope) -> None:
    """A late delivery after the account was enabled again only costs a new sign-in."""
    await forget_account(tx, fact.account_id)


@reactions.on("identity.member.added.v1", AccountFact)
@reactions.on("identity.member.changed.v1", AccountFact)
@reactions.on("identity.member.removed.v1", AccountFact)
async def renew_rights(tx: Transaction, fact: AccountFact, envelope: Envelope) -> None:
    """Roles decide scopes, and scopes stand in the token: a role taken away must not live on for its five minutes."""
    await renew_tokens(tx, fact.account_id)
