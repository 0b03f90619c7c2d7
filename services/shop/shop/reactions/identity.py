"""What the shop does when identity speaks of organizations and their people."""

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from shop.customers import people
from shop.customers.register import follow, register
from shop.subscriptions.retime import retime

reactions = Reactions("identity")


class OrganizationFact(Fact):
    """An organization as it is now."""

    organization_id: str
    name: str
    country: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    vat_id: str | None = None


class MemberFact(Fact):
    """A person's place in an organization as it is now."""

    member_id: str
    organization_id: str
    account_id: str
    email: str
    name: str | None = None
    roles: list[str] = []
    status: str = "active"


@reactions.on("identity.organization.created.v1", OrganizationFact)
async def register_customer(tx: Transaction, fact: OrganizationFact, envelope: Envelope) -> None:
    """An organization becomes a customer, in the region of its country. Twice is harmless: the first one stays."""
    await register(tx, **_organization(fact))


@reactions.on("identity.organization.changed.v1", OrganizationFact)
async def follow_organization(tx: Transaction, fact: OrganizationFact, envelope: Envelope) -> None:
    """Name, language and time zone follow; renewals begin when the day begins where the customer is now.

    Before `created`, it registers the organization; twice changes nothing.
    """
    before = await follow(tx, **_organization(fact))
    if before is not None and fact.time_zone and fact.time_zone != before.time_zone:
        await retime(tx, organization_id=fact.organization_id, time_zone=fact.time_zone)


@reactions.on("identity.member.added.v1", MemberFact)
@reactions.on("identity.member.changed.v1", MemberFact)
async def know_member(tx: Transaction, fact: MemberFact, envelope: Envelope) -> None:
    """Keep the member; the first owner is the buyer. Older news than what is known is ignored by its sequence."""
    await _know(tx, fact, envelope, is_removed=False)


@reactions.on("identity.member.removed.v1", MemberFact)
async def forget_member(tx: Transaction, fact: MemberFact, envelope: Envelope) -> None:
    """The member has left; a late `added` cannot bring them back, because the row and its sequence stay."""
    await _know(tx, fact, envelope, is_removed=True)


async def _know(tx: Transaction, fact: MemberFact, envelope: Envelope, *, is_removed: bool) -> None:
    await people.know(
        tx,
        member_id=fact.member_id,
        organization_id=fact.organization_id,
        account_id=fact.account_id,
        email=fact.email,
        name=fact.name or "",
        roles=fact.roles,
        status=fact.status,
        sequence=envelope.sequence,
        is_removed=is_removed,
    )


def _organization(fact: OrganizationFact) -> dict[str, str | None]:
    return {
        "organization_id": fact.organization_id,
        "name": fact.name,
        "country": (fact.country or "").upper(),
        "locale": fact.locale or None,
        "time_zone": fact.time_zone or None,
        "vat_id": fact.vat_id or None,
    }
