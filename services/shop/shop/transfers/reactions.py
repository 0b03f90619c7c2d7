"""What the transfer does when identity, notifications and the shop's own subscriptions speak."""

from typing import Any

from sqlalchemy import Row, select

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from shop.customers.queries import get
from shop.transfers import store
from shop.transfers.campaign.settle import settle
from shop.transfers.models import transfers
from shop.transfers.rules.calendar import next_look_at
from shop.transfers.timeline import note

of_identity = Reactions("identity")
of_notifications = Reactions("notifications")
of_shop = Reactions("shop")

CORRELATION = "transfer:"
CAN_BE_HELD = ("planned", "announced", "reminded", "postponed")


class AccountFact(Fact):
    """An account became active."""

    email: str


class MessageFact(Fact):
    """A mail was sent, failed for good, or came back."""

    message_id: str
    template: str = ""
    correlation: str | None = None


class RenewedSubscription(Fact):
    """The subscription inside an event."""

    id: str
    organization_id: str
    transfer_id: str | None = None


class RenewalFact(Fact):
    """A subscription was renewed and paid."""

    subscription: RenewedSubscription


@of_identity.on("identity.account.activated.v1", AccountFact)
async def note_activation(tx: Transaction, fact: AccountFact, envelope: Envelope) -> None:
    """The buyer has set a password: reminders stop, and the customer cannot be put back any more.

    Twice or late is harmless: only a transfer without an activation takes it.
    """
    for row in await _moved(tx, fact):
        if row.activated_at is None:
            state = "activated" if row.state == "transferred" else row.state
            next_at = next_look_at(
                tx.now,
                transferred_at=row.transferred_at,
                reminders=row.reminders,
                is_active=True,
                is_settled=row.settled_at is not None,
            )
            await store.change(
                tx,
                row.id,
                state=state,
                activated_at=envelope.time,
                first_sign_in_at=row.first_sign_in_at or envelope.time,
                next_at=next_at,
            )
            await note(tx, row.id, "activated")


@of_notifications.on("notifications.message.sent.v1", MessageFact)
async def note_mail(tx: Transaction, fact: MessageFact, envelope: Envelope) -> None:
    """Proof of delivery in the timeline."""
    row = await _correlated(tx, fact)
    if row is not None:
        await note(tx, row.id, "mail_sent", template=fact.template, message_id=fact.message_id)


@of_notifications.on("notifications.message.bounced.v1", MessageFact)
async def hold_after_bounce(tx: Transaction, fact: MessageFact, envelope: Envelope) -> None:
    """A mail came back: a customer who does not know is not moved."""
    await _mail_did_not_arrive(tx, fact, "mail_bounced")


@of_notifications.on("notifications.message.failed.v1", MessageFact)
async def hold_after_failure(tx: Transaction, fact: MessageFact, envelope: Envelope) -> None:
    """A mail could not be delivered at all."""
    await _mail_did_not_arrive(tx, fact, "mail_failed")


@of_shop.on("shop.subscription.renewed.v1", RenewalFact)
async def note_first_renewal(tx: Transaction, fact: RenewalFact, envelope: Envelope) -> None:
    """The first renewal after the transfer was paid: the transfer is settled. Later renewals change nothing."""
    if fact.subscription.transfer_id is None:
        return
    row = await tx.first(
        select(transfers).where(transfers.c.id == fact.subscription.transfer_id).with_for_update(key_share=True)
    )
    if row is None or row.transferred_at is None or row.first_renewal_at is not None:
        return
    customer = await get(tx, row.organization_id)
    if row.settled_at is None:
        await settle(tx, row, customer, first_renewal_at=envelope.time)
    else:
        await store.change(tx, row.id, first_renewal_at=envelope.time)


async def _mail_did_not_arrive(tx: Transaction, fact: MessageFact, code: str) -> None:
    """Before the transfer it is held back until an operator decides; afterwards the follow-up list names it."""
    row = await _correlated(tx, fact)
    if row is None:
        return
    await note(tx, row.id, code, template=fact.template, message_id=fact.message_id)
    if row.state in CAN_BE_HELD:
        await store.change(
            tx,
            row.id,
            state="held",
            held_from=row.state,
            next_at=None,
            mail_failed=True,
            failure_code=code,
            failure_detail="A mail about the transfer did not reach the customer.",
        )
    else:
        await store.change(tx, row.id, mail_failed=True)


async def _correlated(tx: Transaction, fact: MessageFact) -> Row[Any] | None:
    if not fact.correlation or not fact.correlation.startswith(CORRELATION):
        return None
    transfer_id = fact.correlation.removeprefix(CORRELATION)
    return await tx.first(select(transfers).where(transfers.c.id == transfer_id).with_for_update(key_share=True))


async def _moved(tx: Transaction, fact: AccountFact) -> list[Row[Any]]:
    return await tx.all(
        select(transfers)
        .where(
            transfers.c.transferred_at.is_not(None),
            transfers.c.state != "rolled_back",
            transfers.c.email == fact.email,
        )
        .order_by(transfers.c.id)
        .with_for_update(key_share=True)
    )
