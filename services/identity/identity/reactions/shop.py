"""What identity does when the shop speaks."""

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from identity.applications.project import project_product
from identity.reactions.telling import tell
from identity.transfers.is_latest import Word, is_latest, latest_of
from identity.transfers.take_back import take_back
from identity.transfers.welcome import Arrival, welcome_all

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

    def word(self, envelope: Envelope) -> Word:
        """What this event says, to be weighed against what else was said about the transfer."""
        return Word(self.transfer_id, self.organization.id, envelope.sequence)

    @property
    def arrival(self) -> Arrival:
        """What there is to make here."""
        organization = self.organization
        return Arrival(
            organization_id=organization.id,
            organization_name=organization.name,
            country=organization.country,
            locale=organization.locale,
            time_zone=organization.time_zone,
            region=organization.region,
            vat_id=self.customer.vat_id,
            buyer_email=self.buyer.email,
            buyer_name=self.buyer.name,
            buyer_locale=self.buyer.locale,
        )


class ProductFact(Fact):
    """What is sold, and which applications it opens."""

    product_code: str
    name: dict[str, str]
    applications: list[str]


@reactions.on_many("shop.transfer.transferred.v1", TransferFact)
async def receive_customers(tx: Transaction, heard: list[Heard[TransferFact]]) -> None:
    """Make the organizations under the ids that the transfers gave them, their buyers' accounts, the memberships.

    A second delivery finds everything in place. One that arrives after a later roll-back is ignored, because the
    roll-back has the higher sequence.
    """
    said = {one.fact.word(one.envelope): one for one in heard}
    latest = [said[word] for word in await latest_of(tx, list(said), state="transferred")]
    tell(tx, latest, await welcome_all(tx, [one.fact.arrival for one in latest]))


@reactions.on("shop.transfer.rolled_back.v1", TransferFact)
async def put_customer_back(tx: Transaction, fact: TransferFact, envelope: Envelope) -> None:
    """Undo what the transfer made here, unless it is in use. Out of order is harmless: the later word counts."""
    if await is_latest(tx, fact.word(envelope), state="rolled_back"):
        await take_back(tx, fact.organization.id)


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
