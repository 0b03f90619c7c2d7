"""What identity does when the shop speaks."""

from sqlalchemy.dialects.postgresql import insert

from chassis.bus.consumer import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.locales import known_locale
from identity.accounts.queries import find_account
from identity.accounts.remove_invited import remove_invited
from identity.actionlinks.end_links import end_links_of
from identity.applications.project import project_product
from identity.applications.queries import is_entitled_elsewhere
from identity.members.add import add
from identity.members.queries import has_activated_member, members_of, memberships_of
from identity.members.remove import take_out
from identity.members.rules import OWNER
from identity.organizations.create import create
from identity.organizations.withdraw import withdraw
from identity.reactions.models import transfers

reactions = Reactions("shop")


class OrganizationFact(Fact):
    """The customer company as the old shop knew it."""

    id: str
    name: str
    locale: str
    time_zone: str
    country: str
    region: str | None = None


class BuyerFact(Fact):
    """The person who bought in the old shop."""

    email: str
    first_name: str = ""
    last_name: str = ""
    locale: str | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class CustomerFact(Fact):
    """What the old shop knew of the company beyond its name."""

    vat_id: str | None = None


class TransferFact(Fact):
    """One organization's move."""

    transfer_id: str
    organization: OrganizationFact
    buyer: BuyerFact
    customer: CustomerFact = CustomerFact()


class ProductFact(Fact):
    """What is sold, and which applications it opens."""

    product_code: str
    name: dict[str, str]
    applications: list[str]


@reactions.on("shop.transfer.transferred.v1", TransferFact)
async def welcome(tx: Transaction, fact: TransferFact, envelope: Envelope) -> None:
    """Make the organization under the id that the transfer gave it, its buyer's account, and the membership.

    A second delivery finds everything in place. One that arrives after a later roll-back is ignored, because the
    roll-back has the higher sequence.
    """
    if not await _is_latest(tx, fact, envelope, "transferred"):
        return
    organization = fact.organization
    locale = known_locale(organization.locale)
    await create(
        tx,
        organization_id=organization.id,
        name=organization.name,
        country=organization.country,
        locale=locale,
        time_zone=organization.time_zone,
        region=organization.region,
        vat_id=fact.customer.vat_id,
        origin="transferred",
    )
    account, _ = await ensure_invited(
        tx,
        email=fact.buyer.email,
        reason="transfer",
        name=fact.buyer.name,
        locale=fact.buyer.locale or locale,
        organization_id=organization.id,
    )
    await add(tx, organization_id=organization.id, account=account, roles=[OWNER])


@reactions.on("shop.transfer.rolled_back.v1", TransferFact)
async def take_back(tx: Transaction, fact: TransferFact, envelope: Envelope) -> None:
    """Undo `welcome`, unless somebody in the organization has activated an account already.

    A buyer's account that nothing else needs is removed, so that its links open nothing. Out of order is harmless:
    the later word counts.
    """
    if not await _is_latest(tx, fact, envelope, "rolled_back"):
        return
    if await has_activated_member(tx, fact.organization.id):
        return
    for member in await members_of(tx, fact.organization.id):
        await take_out(tx, member=member)
        await _forget_account(tx, member.account_id, fact.organization.id)
    await withdraw(tx, fact.organization.id)


@reactions.on("shop.product.changed.v1", ProductFact)
async def learn_product(tx: Transaction, fact: ProductFact, envelope: Envelope) -> None:
    """Remember which applications the product opens; the latest word counts, whatever the order of arrival."""
    await project_product(
        tx,
        code=fact.product_code,
        sequence=envelope.sequence,
        name=fact.name,
        applications=fact.applications,
    )


async def _is_latest(tx: Transaction, fact: TransferFact, envelope: Envelope, state: str) -> bool:
    statement = insert(transfers).values(
        id=fact.transfer_id,
        sequence=envelope.sequence,
        organization_id=fact.organization.id,
        state=state,
    )
    row = await tx.first(
        statement.on_conflict_do_update(
            index_elements=[transfers.c.id],
            set_={"sequence": statement.excluded.sequence, "state": statement.excluded.state},
            where=transfers.c.sequence < statement.excluded.sequence,
        ).returning(transfers.c.id)
    )
    return row is not None


async def _forget_account(tx: Transaction, account_id: str, organization_id: str) -> None:
    account = await find_account(tx, account_id=account_id)
    if account is None or account.status != "invited" or account.is_operator:
        return
    if await memberships_of(tx, account.id):
        return
    if await is_entitled_elsewhere(tx, email=account.email, organization_id=organization_id):
        await end_links_of(tx, account.id)
        return
    await remove_invited(tx, account)
