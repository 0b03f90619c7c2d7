"""What licensing does when the shop speaks."""

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.emails import normalize_email
from licensing.products.remember import Word as ProductWord
from licensing.products.remember import remember as remember_products
from licensing.subscriptions.facts import SubscriptionNews
from licensing.subscriptions.follow import follow
from licensing.subscriptions.take_back import take_back
from licensing.subscriptions.take_over import take_over
from licensing.transfers.facts import TransferNews
from licensing.transfers.follow import Word as TransferWord
from licensing.transfers.follow import follow as follow_transfers

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


async def follow_subscriptions(tx: Transaction, heard: list[Heard[SubscriptionNews]]) -> None:
    """Keep the licenses in step. Late, twice or out of order: the envelope's sequence decides what counts."""
    await follow(tx, heard)


async def note_waiting_transfers(tx: Transaction, heard: list[Heard[TransferNews]]) -> None:
    """Remember that buyers' licenses are on their way. An older event than what is known changes nothing."""
    await _follow_transfers(tx, heard, state="pending")


for name in SUBSCRIPTION_EVENTS:
    shop.on_many(f"shop.subscription.{name}.v1", SubscriptionNews)(follow_subscriptions)
for name in WAITING_EVENTS:
    shop.on_many(f"shop.transfer.{name}.v1", TransferNews)(note_waiting_transfers)


@shop.on_many("shop.transfer.transferred.v1", TransferNews)
async def take_over_one_offs(tx: Transaction, heard: list[Heard[TransferNews]]) -> None:
    """Let buyers go on using one-off purchases. One per legacy id, so a repeated event finds them granted."""
    news = await _follow_transfers(tx, heard, state="transferred")
    await take_over(tx, news)


@shop.on_many("shop.transfer.rolled_back.v1", TransferNews)
async def undo_transfers(tx: Transaction, heard: list[Heard[TransferNews]]) -> None:
    """End what the transfers granted. Grants of the same attempt that arrive later are refused by their time."""
    for one in await _follow_transfers(tx, heard, state="rolled_back"):
        one.begin(tx)
        await take_back(tx, transfer_id=one.fact.transfer_id)


@shop.on("shop.product.changed.v1", ProductNews)
async def note_product(tx: Transaction, news: ProductNews, envelope: Envelope) -> None:
    """Know the product's names and applications. The newest word by its time stands."""
    await remember_products(
        tx,
        [
            ProductWord(
                code=news.product_code,
                name=news.name,
                applications=news.applications,
                noted_at=envelope.time,
                from_catalog=True,
            )
        ],
    )


async def _follow_transfers(
    tx: Transaction, heard: list[Heard[TransferNews]], *, state: str
) -> list[Heard[TransferNews]]:
    """Note what is said of the transfers; what is news, the last word of each."""
    said = {_word(one): one for one in heard}
    return [said[word] for word in await follow_transfers(tx, said, state=state)]


def _word(one: Heard[TransferNews]) -> TransferWord:
    return TransferWord(
        transfer_id=one.fact.transfer_id,
        organization_id=one.fact.organization.id,
        buyer_email=normalize_email(one.fact.buyer.email),
        sequence=one.envelope.sequence,
        happened_at=one.envelope.time,
    )
