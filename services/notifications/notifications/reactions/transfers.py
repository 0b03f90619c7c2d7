"""The mails of a transfer: announced, reminded, welcomed. Nobody gets the same mail twice, and none out of date.

Each customer's transfer is one subject, so its events carry increasing sequences. Two topics are followed: the plan
(which date holds) and the cut-over (moved, or put back). A wave brings each event by the thousand, so every reaction
takes all that came together, no transfer twice at once.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of, start_of_day
from notifications.messages.queries import latest_about_each
from notifications.messages.queue import Link, Order, queue_many
from notifications.messages.withdraw import Outdated, withdraw_many
from notifications.reactions.facts import to_buyer
from notifications.reactions.progress import in_rounds, newest, not_overtaken
from notifications.reactions.transfer_facts import (
    ActivationReminderFact,
    AnnouncedFact,
    PostponedFact,
    ReminderFact,
    TransferFact,
    TransferredFact,
)

TOLD_DATES = ("transfer-announcement", "transfer-rescheduled", "transfer-postponed")
BEFORE_THE_DAY = (*TOLD_DATES, "transfer-reminder")
PUT_OFF = ("transfer-put-off",)
AFTER_THE_DAY = ("transfer-welcome", "transfer-activation-reminder")


def register(shop: Reactions) -> None:
    """Hear what the shop tells of transfers."""
    shop.on_many("shop.transfer.announced.v1", AnnouncedFact)(in_rounds(announce))
    shop.on_many("shop.transfer.reminder_due.v1", ReminderFact)(in_rounds(remind))
    shop.on_many("shop.transfer.transferred.v1", TransferredFact)(in_rounds(welcome))
    shop.on_many("shop.transfer.activation_reminder_due.v1", ActivationReminderFact)(in_rounds(remind_of_activation))
    shop.on_many("shop.transfer.postponed.v1", PostponedFact)(in_rounds(postpone))
    shop.on_many("shop.transfer.failed.v1", TransferFact)(in_rounds(put_off))
    shop.on_many("shop.transfer.rolled_back.v1", TransferFact)(in_rounds(put_back))


async def announce(tx: Transaction, heard: list[Heard[AnnouncedFact]]) -> None:
    """Announce the date; where another one was told before, tell that it has changed. Once per date set."""
    facts = [one.fact for one in await newest(tx, heard, topic="plan")]
    asked_for = [Outdated(fact.correlation, in_favour_of=_announcement(fact, None, tx.now)) for fact in facts]
    await withdraw_many(tx, asked_for, templates=(*BEFORE_THE_DAY, *PUT_OFF))
    told = await _latest(tx, facts, TOLD_DATES)
    await queue_many(tx, [_announcement(fact, told.get(fact.correlation), tx.now) for fact in facts])


async def remind(tx: Transaction, heard: list[Heard[ReminderFact]]) -> None:
    """Remind on the day before; a reminder that has not left when the day begins never leaves."""
    await queue_many(tx, [_reminder(one.fact) for one in await newest(tx, heard, topic="plan")])


async def welcome(tx: Transaction, heard: list[Heard[TransferredFact]]) -> None:
    """Welcome the buyer with the activation link. Once; a customer put back and moved again is welcomed again.

    What was queued before the day and has not left is stale by now; what announces a move of the same day goes first.
    """
    await newest(tx, heard, topic="plan")
    facts = [one.fact for one in await newest(tx, heard, topic="cut-over")]
    began = [Outdated(fact.correlation, queued_before=_beginning_of_the_day(fact)) for fact in facts]
    await withdraw_many(tx, began, templates=BEFORE_THE_DAY)
    await withdraw_many(tx, [Outdated(fact.correlation) for fact in facts], templates=PUT_OFF)
    last = await _latest(tx, facts, ("transfer-welcome", "transfer-rolled-back"))
    await queue_many(tx, [_welcome(fact, last.get(fact.correlation)) for fact in facts])


async def remind_of_activation(tx: Transaction, heard: list[Heard[ActivationReminderFact]]) -> None:
    """Remind of the activation; not sent when the account turns out to be active by then, or was put back."""
    current = await not_overtaken(tx, heard, topic="cut-over")
    await queue_many(tx, [_activation_reminder(one.fact) for one in current])


async def postpone(tx: Transaction, heard: list[Heard[PostponedFact]]) -> None:
    """Tell the later date to those who were told the earlier one; nobody else has to know."""
    facts = [one.fact for one in await newest(tx, heard, topic="plan")]
    asked_for = [Outdated(fact.correlation, in_favour_of=_postponement(fact, told_on="")) for fact in facts]
    await withdraw_many(tx, asked_for, templates=(*BEFORE_THE_DAY, *PUT_OFF))
    told = await _latest(tx, facts, TOLD_DATES)
    told_on = {correlation: row.data["transfer_on"] for correlation, row in told.items()}
    await queue_many(
        tx,
        [
            _postponement(fact, told_on[fact.correlation])
            for fact in facts
            if told_on.get(fact.correlation, fact.transfer_on.isoformat()) != fact.transfer_on.isoformat()
        ],
    )


async def put_off(tx: Transaction, heard: list[Heard[TransferFact]]) -> None:
    """Tell that the move does not happen on its day to those who were told that day. Once per date set.

    Why is the operators' business; the new date is announced when there is one.
    """
    facts = [one.fact for one in await newest(tx, heard, topic="plan")]
    await withdraw_many(tx, [Outdated(fact.correlation) for fact in facts], templates=BEFORE_THE_DAY)
    told = await _latest(tx, facts, TOLD_DATES)
    await queue_many(
        tx,
        [
            _order(fact, "transfer-put-off", _date_set(fact), {"transfer_on": row.data["transfer_on"]})
            for fact in facts
            if (row := told.get(fact.correlation)) is not None
        ],
    )


async def put_back(tx: Transaction, heard: list[Heard[TransferFact]]) -> None:
    """Tell that the customer is in the old shop again, unless the welcome had not left yet."""
    current = await newest(tx, heard, topic="cut-over")
    await withdraw_many(tx, [Outdated(one.fact.correlation) for one in current], templates=AFTER_THE_DAY)
    welcomed = await _latest(tx, [one.fact for one in current], ("transfer-welcome",))
    await queue_many(
        tx,
        [
            _order(one.fact, "transfer-rolled-back", f"{one.fact.transfer_id}:{one.envelope.sequence}", {})
            for one in current
            if one.fact.correlation in welcomed
        ],
    )


async def _latest(tx: Transaction, facts: Iterable[TransferFact], templates: tuple[str, ...]) -> dict[str, Row[Any]]:
    return await latest_about_each(tx, correlations=[fact.correlation for fact in facts], templates=templates)


def _announcement(fact: AnnouncedFact, told: Row[Any] | None, now: datetime) -> Order:
    told_on = date.fromisoformat(told.data["transfer_on"]) if told else None
    has_changed = told_on is not None and told_on != fact.transfer_on
    data = {
        "transfer_on": fact.transfer_on,
        "short_notice": fact.short_notice,
        "moves_today": day_of(now, fact.organization.time_zone) >= fact.transfer_on,
        "subscriptions_count": fact.subscriptions_count,
        "seats_count": fact.seats_count,
    }
    if has_changed:
        data["previous_transfer_on"] = told_on
    template = "transfer-rescheduled" if has_changed else "transfer-announcement"
    return _order(fact, template, _date_set(fact), data, topic="transfer-date")


def _reminder(fact: ReminderFact) -> Order:
    seats = fact.seats_count
    data = {
        "transfer_on": fact.transfer_on,
        "products": [
            {"product_name": product.product_name or product.product_code, "quantity": product.quantity}
            for product in fact.products
        ],
        "seats_count": sum(product.quantity for product in fact.products) if seats is None else seats,
    }
    return _order(fact, "transfer-reminder", _date_set(fact), data, expires_at=_beginning_of_the_day(fact))


def _welcome(fact: TransferredFact, last: Row[Any] | None) -> Order:
    was_put_back = last is not None and last.template == "transfer-rolled-back"
    data = {
        "subscriptions": [subscription.data for subscription in fact.subscriptions],
        "one_offs": [one_off.data for one_off in fact.one_offs],
        "waiting_seats": fact.waiting_seats,
    }
    occasion = _date_set(fact) if was_put_back else fact.transfer_id
    link = Link("activation", organization_id=fact.organization.id)
    return _order(fact, "transfer-welcome", occasion, data, link=link)


def _activation_reminder(fact: ActivationReminderFact) -> Order:
    moved_at = fact.transferred_at
    moved_on = day_of(moved_at, fact.organization.time_zone) if moved_at else fact.transfer_on
    link = Link("activation", organization_id=fact.organization.id, required=True)
    occasion = f"{fact.transfer_id}:{fact.step}"
    return _order(fact, "transfer-activation-reminder", occasion, {"transferred_on": moved_on}, link=link)


def _postponement(fact: PostponedFact, told_on: str) -> Order:
    data = {"transfer_on": fact.transfer_on, "previous_transfer_on": told_on}
    return _order(fact, "transfer-postponed", _date_set(fact), data)


def _date_set(fact: TransferFact) -> str:
    return f"{fact.transfer_id}:{fact.revision}"


def _beginning_of_the_day(fact: TransferFact) -> datetime:
    return start_of_day(fact.transfer_on, fact.organization.time_zone)


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
