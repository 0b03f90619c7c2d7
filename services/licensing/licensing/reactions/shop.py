"""What licensing does when the shop speaks."""

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.emails import normalize_email
from licensing.licenses.grant_one_off import grant_one_off
from licensing.organizations.remember import remember as remember_organization
from licensing.products.remember import remember as remember_product
from licensing.subscriptions.facts import SubscriptionNews
from licensing.subscriptions.follow import follow
from licensing.subscriptions.take_back import take_back
from licensing.transfers.facts import TransferNews
from licensing.transfers.follow import follow as follow_transfer

SUBSCRIPTION_EVENTS = (
    "started",
    "transferred",
    "renewed",
    "quantity_changed",
    "cancel_scheduled",
    "cancel_undone",
    "past_due",
    "recovered",
    "ended",
)
WAITING_EVENTS = ("announced", "reminder_due", "postponed", "failed")

shop = Reactions("shop")


class ProductNews(Fact):
    """The catalog's word on a product."""

    product_code: str
    name: dict[str, str]
    applications: list[str] = []


async def follow_subscription(tx: Transaction, news: SubscriptionNews, envelope: Envelope) -> None:
    """Keep the license in step. Late, twice or out of order: the envelope's sequence decides what counts."""
    await follow(tx, news, sequence=envelope.sequence, happened_at=envelope.time)


async def note_waiting_transfer(tx: Transaction, news: TransferNews, envelope: Envelope) -> None:
    """Remember that the buyer's licenses are on their way. An older event than what is known changes nothing."""
    await _follow_transfer(tx, news, envelope, state="pending")


for name in SUBSCRIPTION_EVENTS:
    shop.on(f"shop.subscription.{name}.v1", SubscriptionNews)(follow_subscription)
for name in WAITING_EVENTS:
    shop.on(f"shop.transfer.{name}.v1", TransferNews)(note_waiting_transfer)


@shop.on("shop.transfer.transferred.v1", TransferNews)
async def take_over_one_offs(tx: Transaction, news: TransferNews, envelope: Envelope) -> None:
    """Let the buyer go on using one-off purchases. One per legacy id, so a repeated event finds them granted."""
    if not await _follow_transfer(tx, news, envelope, state="transferred"):
        return
    await remember_organization(tx, news.organization, noted_at=envelope.time)
    for one_off in sorted(news.one_offs, key=lambda o: (o.product_code, o.legacy_id)):
        await remember_product(
            tx,
            code=one_off.product_code,
            name=one_off.product_name,
            applications=one_off.applications,
            noted_at=envelope.time,
        )
        await grant_one_off(
            tx,
            organization=news.organization,
            buyer=news.buyer,
            buyer_email=normalize_email(news.buyer.email),
            transfer_id=news.transfer_id,
            legacy_id=one_off.legacy_id,
            product_code=one_off.product_code,
            quantity=one_off.quantity,
            first_day=one_off.first_day,
            last_day=one_off.last_day,
            units_total=one_off.units_total,
            units_used=one_off.units_used or 0,
        )


@shop.on("shop.transfer.rolled_back.v1", TransferNews)
async def undo_transfer(tx: Transaction, news: TransferNews, envelope: Envelope) -> None:
    """End what the transfer granted. Grants of the same attempt that arrive later are refused by their time."""
    if await _follow_transfer(tx, news, envelope, state="rolled_back"):
        await take_back(tx, transfer_id=news.transfer_id)


@shop.on("shop.product.changed.v1", ProductNews)
async def note_product(tx: Transaction, news: ProductNews, envelope: Envelope) -> None:
    """Know the product's names and applications. The newest word by its time stands."""
    await remember_product(
        tx,
        code=news.product_code,
        name=news.name,
        applications=news.applications,
        noted_at=envelope.time,
        from_catalog=True,
    )


async def _follow_transfer(tx: Transaction, news: TransferNews, envelope: Envelope, *, state: str) -> bool:
    return await follow_transfer(
        tx,
        transfer_id=news.transfer_id,
        organization_id=news.organization.id,
        buyer_email=normalize_email(news.buyer.email),
        state=state,
        sequence=envelope.sequence,
        happened_at=envelope.time,
    )
