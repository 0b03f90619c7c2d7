"""The mails about licenses and those who use them."""

from datetime import date
from typing import Any

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.clock import today
from notifications.messages.queries import latest_about
from notifications.messages.queue import Link, Order, Recipient, queue, queue_many
from notifications.messages.withdraw import WAITING, forestall, withdraw
from notifications.reactions.facts import Org, Texts
from notifications.reactions.progress import is_outdated, was_overtaken


class Assignment(Fact):
    """A seat held by an address for a while."""

    id: str
    license_id: str
    organization_id: str
    product_code: str
    email: str
    first_day: date
    last_day: date | None = None


class AssignmentFact(Fact):
    """What every event of an assignment says."""

    assignment: Assignment
    product_name: Texts = {}
    organization: Org
    notify: bool = True
    automatic: bool = False

    @property
    def correlation(self) -> str:
        """What finds all mails about this assignment."""
        return f"assignment:{self.assignment.id}"

    @property
    def data(self) -> dict[str, Any]:
        """What the texts need."""
        return {
            "organization_name": self.organization.name,
            "product_name": self.product_name or self.assignment.product_code,
            "email": self.assignment.email,
            "first_day": self.assignment.first_day,
            "last_day": self.assignment.last_day,
        }


def register(licensing: Reactions) -> None:
    """Hear what licensing tells of assignments."""
    licensing.on_many("licensing.assignment.created.v1", AssignmentFact)(invite)
    licensing.on("licensing.assignment.invitation_requested.v1", AssignmentFact)(invite_again)
    licensing.on("licensing.assignment.period_changed.v1", AssignmentFact)(tell_period)
    licensing.on("licensing.assignment.deactivated.v1", AssignmentFact)(tell_deactivated)
    licensing.on("licensing.assignment.ended.v1", AssignmentFact)(tell_ended)


async def invite(tx: Transaction, heard: list[Heard[AssignmentFact]]) -> None:
    """Invite colleagues to the product. Not for automatic assignments to the buyer, nor where `notify` is false."""
    invited = [one.fact for one in heard if one.fact.notify and not one.fact.automatic]
    await queue_many(tx, [_invitation(tx, fact, occasion=fact.assignment.id) for fact in invited])


async def invite_again(tx: Transaction, fact: AssignmentFact, envelope: Envelope) -> None:
    """Send the invitation once more because somebody asked for it; every request is a mail of its own."""
    if not await was_overtaken(tx, envelope, topic="end"):
        await queue(tx, _invitation(tx, fact, occasion=envelope.id))


async def tell_period(tx: Transaction, fact: AssignmentFact, envelope: Envelope) -> None:
    """Tell the new days; where the invitation still waits, it leaves with them instead.

    An invitation that is being handed over is left alone: nobody goes without one.
    """
    if not fact.notify or await is_outdated(tx, envelope, topic="period"):
        return
    if await was_overtaken(tx, envelope, topic="end"):
        return
    invitation = _invitation(tx, fact, occasion=f"{fact.assignment.id}:{envelope.sequence}")
    if await withdraw(
        tx,
        correlation=fact.correlation,
        templates=("license-assigned",),
        in_favour_of=invitation,
        statuses=WAITING,
    ):
        await queue(tx, invitation)
        return
    change = _order(fact, "license-period-changed", f"{fact.assignment.id}:{envelope.sequence}", fact.data)
    await withdraw(tx, correlation=fact.correlation, templates=("license-period-changed",), in_favour_of=change)
    await queue(tx, change)


async def tell_deactivated(tx: Transaction, fact: AssignmentFact, envelope: Envelope) -> None:
    """Tell that access has ended, to somebody who had been told of it; an invitation still waiting is called off."""
    await is_outdated(tx, envelope, topic="end")
    await _tell_end(tx, fact, "license-deactivated")


async def tell_ended(tx: Transaction, fact: AssignmentFact, envelope: Envelope) -> None:
    """Tell that the period is over."""
    await is_outdated(tx, envelope, topic="end")
    await _tell_end(tx, fact, "license-ended")


async def _tell_end(tx: Transaction, fact: AssignmentFact, template: str) -> None:
    await withdraw(tx, correlation=fact.correlation, templates=("license-assigned", "license-period-changed"))
    invited = await latest_about(tx, correlation=fact.correlation, templates=("license-assigned",))
    if invited is None:
        await forestall(tx, _invitation(tx, fact, occasion=fact.assignment.id))
    elif fact.notify:
        data = fact.data | {"ended_on": today(tx.clock, fact.organization.time_zone)}
        await queue(tx, _order(fact, template, fact.assignment.id, data))


def _invitation(tx: Transaction, fact: AssignmentFact, *, occasion: str) -> Order:
    starts_later = fact.assignment.first_day > today(tx.clock, fact.organization.time_zone)
    link = Link("activation", organization_id=fact.organization.id)
    return _order(fact, "license-assigned", occasion, fact.data | {"starts_later": starts_later}, link=link)


def _order(fact: AssignmentFact, template: str, occasion: str, data: dict[str, Any], link: Link | None = None) -> Order:
    return Order(
        template=template,
        occasion=occasion,
        recipient=Recipient(email=fact.assignment.email, name=None, locale=fact.organization.locale),
        data=data,
        correlation=fact.correlation,
        organization_id=fact.organization.id,
        link=link,
    )
