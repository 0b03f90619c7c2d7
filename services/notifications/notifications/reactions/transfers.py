"""The mails of a transfer: announced, reminded, welcomed. Nobody gets the same mail twice, and none out of date.

Each customer's transfer is one subject, so its events carry increasing sequences. Two topics are followed: the plan
(which date holds) and the cut-over (moved, or put back).
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pydantic import AliasChoices, Field

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.clock import day_of, start_of_day
from notifications.messages.queries import latest_about
from notifications.messages.queue import Link, Order, queue
from notifications.messages.withdraw import withdraw
from notifications.reactions.facts import Buyer, Org, Texts, to_buyer
from notifications.reactions.progress import is_outdated, was_overtaken

TOLD_DATES = ("transfer-announcement", "transfer-rescheduled", "transfer-postponed")
BEFORE_THE_DAY = (*TOLD_DATES, "transfer-reminder")
PUT_OFF = ("transfer-put-off",)
AFTER_THE_DAY = ("transfer-welcome", "transfer-activation-reminder")


class TransferFact(Fact):
    """What every event of a transfer says."""

    transfer_id: str
    organization: Org
    buyer: Buyer
    transfer_on: date
    revision: int = 1

    @property
    def correlation(self) -> str:
        """What finds all mails of this transfer."""
        return f"transfer:{self.transfer_id}"


class AnnouncedFact(TransferFact):
    """The date that holds."""

    short_notice: bool = False
    previous_transfer_on: date | None = None
    subscriptions_count: int = 0
    seats_count: int = 0


class MovingProduct(Fact):
    """A product that moves tomorrow."""

    product_code: str = ""
    product_name: Texts | str | None = Field(default=None, validation_alias=AliasChoices("product_name", "name"))
    quantity: int = 1


class ReminderFact(TransferFact):
    """What moves tomorrow."""

    products: list[MovingProduct] = []
    seats_count: int | None = None


class MovedSubscription(Fact):
    """A subscription that moved."""

    number: str
    product_code: str
    product_name: Texts | str | None = None
    quantity: int
    last_day: date


class StayingLicense(Fact):
    """A one-off license that did not move."""

    product_code: str
    product_name: Texts | str | None = None
    quantity: int = 1
    last_day: date | None = None
    units_total: int | None = None
    units_used: int | None = None


class TransferredFact(TransferFact):
    """What moved, and what stayed."""

    transferred_at: datetime
    subscriptions: list[MovedSubscription] = []
    one_offs: list[StayingLicense] = []


class ActivationReminderFact(TransferFact):
    """The account has not been activated for some days."""

    transferred_at: datetime | None = None
    step: int


class PostponedFact(TransferFact):
    """The move has a later date."""

    previous_transfer_on: date | None = None


def register(shop: Reactions) -> None:
    """Hear what the shop tells of transfers."""
    shop.on("shop.transfer.announced.v1", AnnouncedFact)(announce)
    shop.on("shop.transfer.reminder_due.v1", ReminderFact)(remind)
    shop.on("shop.transfer.transferred.v1", TransferredFact)(welcome)
    shop.on("shop.transfer.activation_reminder_due.v1", ActivationReminderFact)(remind_of_activation)
    shop.on("shop.transfer.postponed.v1", PostponedFact)(postpone)
    shop.on("shop.transfer.failed.v1", TransferFact)(put_off)
    shop.on("shop.transfer.rolled_back.v1", TransferFact)(put_back)


async def announce(tx: Transaction, fact: AnnouncedFact, envelope: Envelope) -> None:
    """Announce the date; where another one was told before, tell that it has changed. Once per date set."""
    if await is_outdated(tx, envelope, topic="plan"):
        return
    occasion = f"{fact.transfer_id}:{fact.revision}"
    asked_for = _order(fact, "transfer-announcement", occasion, {}, topic="transfer-date")
    outdated = (*BEFORE_THE_DAY, *PUT_OFF)
    await withdraw(tx, correlation=fact.correlation, templates=outdated, in_favour_of=asked_for)
    told = await latest_about(tx, correlation=fact.correlation, templates=TOLD_DATES)
    told_on = date.fromisoformat(told.data["transfer_on"]) if told else None
    has_changed = told_on is not None and told_on != fact.transfer_on
    data = {
        "transfer_on": fact.transfer_on,
        "short_notice": fact.short_notice,
        "subscriptions_count": fact.subscriptions_count,
        "seats_count": fact.seats_count,
    }
    if has_changed:
        data["previous_transfer_on"] = told_on
    template = "transfer-rescheduled" if has_changed else "transfer-announcement"
    await queue(tx, _order(fact, template, occasion, data, topic="transfer-date"))


async def remind(tx: Transaction, fact: ReminderFact, envelope: Envelope) -> None:
    """Remind on the day before; a reminder that has not left when the day begins never leaves."""
    if await is_outdated(tx, envelope, topic="plan"):
        return
    seats = fact.seats_count
    data = {
        "transfer_on": fact.transfer_on,
        "products": [
            {"product_name": product.product_name or product.product_code, "quantity": product.quantity}
            for product in fact.products
        ],
        "seats_count": sum(product.quantity for product in fact.products) if seats is None else seats,
    }
    await queue(
        tx,
        _order(
            fact,
            "transfer-reminder",
            f"{fact.transfer_id}:{fact.revision}",
            data,
            expires_at=start_of_day(fact.transfer_on, fact.organization.time_zone),
        ),
    )


async def welcome(tx: Transaction, fact: TransferredFact, envelope: Envelope) -> None:
    """Welcome the buyer with the activation link. Once; a customer put back and moved again is welcomed again.

    What was queued before the day and has not left is stale by now; what announces a move of the same day goes first.
    """
    await is_outdated(tx, envelope, topic="plan")
    if await is_outdated(tx, envelope, topic="cut-over"):
        return
    day_began_at = start_of_day(fact.transfer_on, fact.organization.time_zone)
    await withdraw(tx, correlation=fact.correlation, templates=BEFORE_THE_DAY, queued_before=day_began_at)
    await withdraw(tx, correlation=fact.correlation, templates=PUT_OFF)
    data = {
        "subscriptions": [_moved(subscription) for subscription in fact.subscriptions],
        "one_offs": [_staying(one_off) for one_off in fact.one_offs],
        "waiting_seats": _waiting_seats(fact.subscriptions),
    }
    last = await latest_about(tx, correlation=fact.correlation, templates=("transfer-welcome", "transfer-rolled-back"))
    was_put_back = last is not None and last.template == "transfer-rolled-back"
    occasion = f"{fact.transfer_id}:{fact.revision}" if was_put_back else fact.transfer_id
    link = Link("activation", organization_id=fact.organization.id)
    await queue(tx, _order(fact, "transfer-welcome", occasion, data, link=link))


async def remind_of_activation(tx: Transaction, fact: ActivationReminderFact, envelope: Envelope) -> None:
    """Remind of the activation; not sent when the account turns out to be active by then, or was put back."""
    if await was_overtaken(tx, envelope, topic="cut-over"):
        return
    moved_at = fact.transferred_at
    moved_on = day_of(moved_at, fact.organization.time_zone) if moved_at else fact.transfer_on
    link = Link("activation", organization_id=fact.organization.id, required=True)
    data = {"transferred_on": moved_on}
    await queue(tx, _order(fact, "transfer-activation-reminder", f"{fact.transfer_id}:{fact.step}", data, link=link))


async def postpone(tx: Transaction, fact: PostponedFact, envelope: Envelope) -> None:
    """Tell the later date to those who were told the earlier one; nobody else has to know."""
    if await is_outdated(tx, envelope, topic="plan"):
        return
    asked_for = _order(fact, "transfer-postponed", f"{fact.transfer_id}:{fact.revision}", {})
    outdated = (*BEFORE_THE_DAY, *PUT_OFF)
    await withdraw(tx, correlation=fact.correlation, templates=outdated, in_favour_of=asked_for)
    told = await latest_about(tx, correlation=fact.correlation, templates=TOLD_DATES)
    if told is None or told.data["transfer_on"] == fact.transfer_on.isoformat():
        return
    data = {"transfer_on": fact.transfer_on, "previous_transfer_on": told.data["transfer_on"]}
    await queue(tx, replace(asked_for, data=asked_for.data | data))


async def put_off(tx: Transaction, fact: TransferFact, envelope: Envelope) -> None:
    """Tell that the move does not happen on its day to those who were told that day. Once per date set.

    Why is the operators' business; the new date is announced when there is one.
    """
    if await is_outdated(tx, envelope, topic="plan"):
        return
    await withdraw(tx, correlation=fact.correlation, templates=BEFORE_THE_DAY)
    told = await latest_about(tx, correlation=fact.correlation, templates=TOLD_DATES)
    if told is None:
        return
    data = {"transfer_on": told.data["transfer_on"]}
    await queue(tx, _order(fact, "transfer-put-off", f"{fact.transfer_id}:{fact.revision}", data))


async def put_back(tx: Transaction, fact: TransferFact, envelope: Envelope) -> None:
    """Tell that the customer is in the old shop again, unless the welcome had not left yet."""
    if await is_outdated(tx, envelope, topic="cut-over"):
        return
    await withdraw(tx, correlation=fact.correlation, templates=AFTER_THE_DAY)
    if await latest_about(tx, correlation=fact.correlation, templates=("transfer-welcome",)) is not None:
        await queue(tx, _order(fact, "transfer-rolled-back", f"{fact.transfer_id}:{envelope.sequence}", {}))


def _order(fact: TransferFact, template: str, occasion: str, data: dict[str, Any], **more: Any) -> Order:
    return Order(
        template=template,
        occasion=occasion,
        recipient=to_buyer(fact.buyer, fact.organization),
        data={"organization_name": fact.organization.name, **data},
        correlation=fact.correlation,
        organization_id=fact.organization.id,
        **more,
    )


def _moved(subscription: MovedSubscription) -> dict[str, Any]:
    return {
        "number": subscription.number,
        "product_name": subscription.product_name or subscription.product_code,
        "quantity": subscription.quantity,
        "last_day": subscription.last_day,
    }


def _staying(one_off: StayingLicense) -> dict[str, Any]:
    total = one_off.units_total
    return {
        "product_name": one_off.product_name or one_off.product_code,
        "quantity": one_off.quantity,
        "last_day": one_off.last_day,
        "units_left": None if total is None else max(0, total - (one_off.units_used or 0)),
    }


def _waiting_seats(subscriptions: list[MovedSubscription]) -> int:
    """Of all seats of a product one is the buyer's; the others wait for colleagues (product.md, rule 5)."""
    quantities: dict[str, int] = {}
    for subscription in subscriptions:
        code = subscription.product_code
        quantities[code] = quantities.get(code, 0) + subscription.quantity
    return sum(max(0, quantity - 1) for quantity in quantities.values())
