"""The mails about licenses as a whole: about to end, no free seat left, seats that wait for somebody."""

from datetime import timedelta

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.emails import normalize_email
from notifications.messages.queue import Order, queue, queue_many
from notifications.preferences.queries import unwanted
from notifications.reactions.expiring import Expiring, schedule_reminder
from notifications.reactions.facts import Buyer, Org, Term, Texts, to_buyer

DAYS_BEFORE_THE_END = 30
SEATS_WAITING = "seats_waiting"


class License(Fact):
    """The license as it is now."""

    id: str
    product_code: str
    term: Term
    quantity: int
    free: int = 0
    origin: str
    subscription_number: str | None = None


class LicenseFact(Fact):
    """What every event of a license says."""

    license: License
    product_name: Texts = {}
    organization: Org
    buyer: Buyer | None = None


def register(licensing: Reactions) -> None:
    """Hear what licensing tells of licenses."""
    licensing.on_many("licensing.license.granted.v1", LicenseFact)(plan_reminders)
    licensing.on("licensing.license.ended.v1", LicenseFact)(call_off_reminder)
    licensing.on("licensing.seats.low.v1", LicenseFact)(tell_seats_low)
    licensing.on_many("licensing.seats.waiting.v1", LicenseFact)(tell_seats_waiting)


async def plan_reminders(tx: Transaction, heard: list[Heard[LicenseFact]]) -> None:
    """Plan the reminders that one-off licenses end; others renew, or their cancellation plans it."""
    for one in heard:
        _plan_reminder(tx, one.fact)


async def call_off_reminder(tx: Transaction, fact: LicenseFact, envelope: Envelope) -> None:
    """It has ended: nothing to remind of."""
    await tx.cancel_jobs(f"expiring:{fact.license.id}")


async def tell_seats_low(tx: Transaction, fact: LicenseFact, envelope: Envelope) -> None:
    """Tell the buyer that no seat is free. Once per term; a license with one seat is never worth a mail."""
    if fact.buyer is None or fact.license.quantity < 2:
        return
    await queue(
        tx,
        Order(
            template="seats-low",
            occasion=f"{fact.license.id}:{fact.license.term.last_day}",
            recipient=to_buyer(fact.buyer, fact.organization),
            data={
                "organization_name": fact.organization.name,
                "product_name": fact.product_name or fact.license.product_code,
                "quantity": fact.license.quantity,
            },
            correlation=f"license:{fact.license.id}",
            organization_id=fact.organization.id,
        ),
    )


async def tell_seats_waiting(tx: Transaction, heard: list[Heard[LicenseFact]]) -> None:
    """Remind buyers who want it of seats that nobody has. Once per license, whatever comes twice or late."""
    orders = [_seats_waiting(one.fact, one.fact.buyer) for one in heard if one.fact.buyer is not None]
    unwanted_by = await unwanted(tx, {(normalize_email(o.recipient.email), SEATS_WAITING) for o in orders})
    wanted = [o for o in orders if (normalize_email(o.recipient.email), SEATS_WAITING) not in unwanted_by]
    await queue_many(tx, wanted)


def _seats_waiting(fact: LicenseFact, buyer: Buyer) -> Order:
    return Order(
        template="seats-waiting",
        occasion=fact.license.id,
        recipient=to_buyer(buyer, fact.organization),
        data={
            "organization_name": fact.organization.name,
            "product_name": fact.product_name or fact.license.product_code,
            "quantity": fact.license.quantity,
            "free": fact.license.free,
        },
        correlation=f"license:{fact.license.id}",
        organization_id=fact.organization.id,
    )


def _plan_reminder(tx: Transaction, fact: LicenseFact) -> None:
    last_day = fact.license.term.last_day
    if fact.license.origin != "one_off" or last_day is None or fact.buyer is None:
        return
    expiring = Expiring(
        about=fact.license.id,
        last_day=last_day,
        recipient=to_buyer(fact.buyer, fact.organization),
        organization_id=fact.organization.id,
        data={
            "organization_name": fact.organization.name,
            "product_name": fact.product_name or fact.license.product_code,
            "last_day": last_day,
            "is_one_off": True,
            "subscription_number": None,
        },
    )
    schedule_reminder(tx, expiring, fact.organization.time_zone, ahead=timedelta(days=DAYS_BEFORE_THE_END))
