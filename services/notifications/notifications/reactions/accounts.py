"""The mails about accounts: activate, recover, and warnings when something about the account changed."""

from typing import Any, Literal

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.emails import normalize_email
from notifications.messages.queue import Link, Order, Recipient, queue, queue_many
from notifications.preferences.choose import move_choices

MAILED_REASONS = ("member", "operator", "registration")
"""The other invitations (transfer, assignment) travel in the welcome mail and in the invitation to a product."""


class AccountFact(Fact):
    """An account, as far as a mail needs it."""

    account_id: str
    email: str
    locale: str | None = None
    name: str | None = None

    @property
    def recipient(self) -> Recipient:
        """The account's owner."""
        return Recipient(email=self.email, name=self.name, locale=self.locale or "en")

    @property
    def correlation(self) -> str:
        """What finds all mails about this account."""
        return f"account:{self.account_id}"


class InvitedFact(AccountFact):
    """An account waits for its owner's password."""

    reason: Literal["transfer", "assignment", "member", "operator", "registration"] | str = "member"
    organization_id: str | None = None


class JoinedFact(AccountFact):
    """An account belongs to one more organization."""

    organization_id: str
    organization_name: str


class EmailChangedFact(AccountFact):
    """The account has another address now."""

    previous_email: str


def register(identity: Reactions) -> None:
    """Hear what identity tells of accounts."""
    identity.on_many("identity.account.invited.v1", InvitedFact)(invite)
    identity.on("identity.account.activation_requested.v1", InvitedFact)(send_activation)
    identity.on("identity.account.joined.v1", JoinedFact)(tell_of_organization)
    identity.on("identity.account.recovery_requested.v1", AccountFact)(send_recovery)
    identity.on("identity.account.password_changed.v1", AccountFact)(warn_of_password)
    identity.on("identity.account.email_change_requested.v1", AccountFact)(confirm_email)
    identity.on("identity.account.email_changed.v1", EmailChangedFact)(warn_of_email)


async def invite(tx: Transaction, heard: list[Heard[InvitedFact]]) -> None:
    """Mail the activation link to new accounts, where no other mail carries it. Once per invitation."""
    mailed = [one for one in heard if one.fact.reason in MAILED_REASONS]
    await queue_many(tx, [_activation(one.fact, one.envelope, supersede=False) for one in mailed])


async def send_activation(tx: Transaction, fact: InvitedFact, envelope: Envelope) -> None:
    """Mail a fresh activation link that replaces the earlier ones. Every request is a mail of its own."""
    await queue(tx, _activation(fact, envelope, supersede=True))


async def tell_of_organization(tx: Transaction, fact: JoinedFact, envelope: Envelope) -> None:
    """Tell who has an account already that they belong to an organization. Once per event."""
    data = {"organization_name": fact.organization_name}
    await queue(tx, _about(fact, envelope, "account-joined", data=data, organization_id=fact.organization_id))


async def send_recovery(tx: Transaction, fact: AccountFact, envelope: Envelope) -> None:
    """Mail the link to choose a new password. Every request is a mail of its own."""
    await queue(tx, _about(fact, envelope, "account-recovery", link=Link("recovery", required=True)))


async def warn_of_password(tx: Transaction, fact: AccountFact, envelope: Envelope) -> None:
    """Tell the owner that the password was changed."""
    data = {"changed_at": envelope.time, "time_zone": "UTC"}
    await queue(tx, _about(fact, envelope, "account-password-changed", data=data))


async def confirm_email(tx: Transaction, fact: AccountFact, envelope: Envelope) -> None:
    """Mail the link that proves the new address to the new address. Every request is a mail of its own."""
    await queue(tx, _about(fact, envelope, "account-email-confirmation", link=Link("email", required=True)))


async def warn_of_email(tx: Transaction, fact: EmailChangedFact, envelope: Envelope) -> None:
    """Tell both addresses; the old one learns the new address only in part. Choices move to the new one."""
    await move_choices(tx, previous=normalize_email(fact.previous_email), email=normalize_email(fact.email))
    for is_previous, email in ((True, fact.previous_email), (False, fact.email)):
        data = {
            "is_previous": is_previous,
            "previous_email": fact.previous_email,
            "new_email": _masked(fact.email),
        }
        await queue(
            tx,
            Order(
                template="account-email-changed",
                occasion=f"{envelope.id}:{'previous' if is_previous else 'new'}",
                recipient=Recipient(email=email, name=fact.name, locale=fact.locale or "en"),
                data=data,
                correlation=fact.correlation,
            ),
        )


def _activation(fact: InvitedFact, envelope: Envelope, *, supersede: bool) -> Order:
    link = Link("activation", organization_id=fact.organization_id, required=True, supersede=supersede)
    data = {"reason": fact.reason}
    return _about(fact, envelope, "account-activation", data=data, organization_id=fact.organization_id, link=link)


def _about(fact: AccountFact, envelope: Envelope, template: str, **more: Any) -> Order:
    """The mail that one event asks for, to the account that it speaks of."""
    return Order(
        template=template, occasion=envelope.id, recipient=fact.recipient, correlation=fact.correlation, **more
    )


def _masked(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}"
