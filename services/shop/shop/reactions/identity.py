"""What the shop does when identity speaks of organizations and their people."""

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from shop.customers.news import MemberNews, OrganizationNews
from shop.customers.people import know_all
from shop.customers.register import follow, register_all
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

    @property
    def news(self) -> OrganizationNews:
        """The same in the words of the customers."""
        return OrganizationNews(
            organization_id=self.organization_id,
            name=self.name,
            country=(self.country or "").upper(),
            locale=self.locale or None,
            time_zone=self.time_zone or None,
            vat_id=self.vat_id or None,
        )


class MemberFact(Fact):
    """A person's place in an organization as it is now."""

    member_id: str
    organization_id: str
    account_id: str
    email: str
    name: str | None = None
    roles: list[str] = []
    status: str = "active"

    def news(self, sequence: int, *, is_removed: bool) -> MemberNews:
        """The same in the words of the customers."""
        return MemberNews(
            member_id=self.member_id,
            organization_id=self.organization_id,
            account_id=self.account_id,
            email=self.email,
            name=self.name or "",
            roles=self.roles,
            status=self.status,
            sequence=sequence,
            is_removed=is_removed,
        )


@reactions.on_many("identity.organization.created.v1", OrganizationFact)
async def register_customers(tx: Transaction, heard: list[Heard[OrganizationFact]]) -> None:
    """Organizations become customers, in the region of their country. Twice is harmless: the first one stays."""
    await register_all(tx, [one.fact.news for one in heard])


@reactions.on("identity.organization.changed.v1", OrganizationFact)
async def follow_organization(tx: Transaction, fact: OrganizationFact, envelope: Envelope) -> None:
    """Name, language and time zone follow; renewals begin when the day begins where the customer is now.

    Before `created`, it registers the organization; twice changes nothing.
    """
    before = await follow(tx, fact.news)
    if before is not None and fact.time_zone and fact.time_zone != before.time_zone:
        await retime(tx, organization_id=fact.organization_id, time_zone=fact.time_zone)


@reactions.on_many("identity.member.added.v1", MemberFact)
@reactions.on_many("identity.member.changed.v1", MemberFact)
async def know_members(tx: Transaction, heard: list[Heard[MemberFact]]) -> None:
    """Keep the members; the first owner is the buyer. Older news than what is known is ignored by its sequence."""
    await know_all(tx, [one.fact.news(one.envelope.sequence, is_removed=False) for one in heard])


@reactions.on_many("identity.member.removed.v1", MemberFact)
async def forget_members(tx: Transaction, heard: list[Heard[MemberFact]]) -> None:
    """The members have left; a late `added` cannot bring them back, because the row and its sequence stay."""
    await know_all(tx, [one.fact.news(one.envelope.sequence, is_removed=True) for one in heard])
