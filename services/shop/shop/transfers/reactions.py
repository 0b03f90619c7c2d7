"""What the transfer does when identity, notifications and the shop's own subscriptions speak."""

from typing import Any

from sqlalchemy import Row, Select, collate, select

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from shop.customers.queries import get
from shop.transfers import store
from shop.transfers.campaign.settle import settle
from shop.transfers.models import transfers
from shop.transfers.rules.calendar import next_look_at
from shop.transfers.timeline import Entry, keep, note

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

    @property
    def transfer_id(self) -> str:
        """The transfer that the mail is about; empty when it is about something else."""
        correlation = self.correlation or ""
        return correlation.removeprefix(CORRELATION) if correlation.startswith(CORRELATION) else ""


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


@of_notifications.on_many("notifications.message.sent.v1", MessageFact)
async def note_mails(tx: Transaction, heard: list[Heard[MessageFact]]) -> None:
    """Proof of delivery in the timelines. Other work on the transfers does not wait for it, nor it for that work."""
    told_of = _told_of(heard).with_only_columns(transfers.c.id).with_for_update(read=True, key_share=True)
    known = {row.id for row in await tx.all(told_of)}
    await _note_mails(tx, [one for one in heard if one.fact.transfer_id in known], "mail_sent")


@of_notifications.on_many("notifications.message.bounced.v1", MessageFact)
async def hold_after_bounces(tx: Transaction, heard: list[Heard[MessageFact]]) -> None:
    """Mails came back: a customer who does not know is not moved."""
    await _mails_did_not_arrive(tx, heard, "mail_bounced")


@of_notifications.on_many("notifications.message.failed.v1", MessageFact)
async def hold_after_failures(tx: Transaction, heard: list[Heard[MessageFact]]) -> None:
    """Mails could not be delivered at all."""
    await _mails_did_not_arrive(tx, heard, "mail_failed")


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


async def _mails_did_not_arrive(tx: Transaction, heard: list[Heard[MessageFact]], code: str) -> None:
    """Before the transfer it is held back until an operator decides; afterwards the follow-up list names it."""
    rows = await tx.all(_told_of(heard).with_for_update(key_share=True))
    known = {row.id for row in rows}
    await _note_mails(tx, [one for one in heard if one.fact.transfer_id in known], code)
    await store.change_many(
        tx,
        {row.id: None for row in rows if row.state in CAN_BE_HELD},
        state="held",
        held_from=transfers.c.state,
        mail_failed=True,
        failure_code=code,
        failure_detail="A mail about the transfer did not reach the customer.",
    )
    await store.change_many(tx, {row.id: row.next_at for row in rows if row.state not in CAN_BE_HELD}, mail_failed=True)


def _told_of(heard: list[Heard[MessageFact]]) -> Select[Any]:
    """The transfers that the mails were about, in the order of their ids: two that lock some never wait in a circle."""
    ids = {one.fact.transfer_id for one in heard if one.fact.transfer_id}
    return select(transfers).where(transfers.c.id.in_(ids)).order_by(collate(transfers.c.id, "C"))


async def _note_mails(tx: Transaction, heard: list[Heard[MessageFact]], what: str) -> None:
    entries = []
    for one in heard:
        one.begin(tx)
        detail = {"template": one.fact.template, "message_id": one.fact.message_id}
        entries.append(Entry(one.fact.transfer_id, what, detail, tx.actor))
    await keep(tx, entries)


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
