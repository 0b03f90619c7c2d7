"""Say what an order would cost, by the same rules that place it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from chassis.db.transaction import Reader
from chassis.kernel.errors import Invalid
from shop.catalog.errors import RegionNotServed
from shop.catalog.queries import CatalogSnapshot
from shop.checkout.errors import TransferPending
from shop.checkout.rules import OfferedLine, WantedLine, offer
from shop.checkout.schemas import Quote, QuotedLine
from shop.customers import queries as customers
from shop.customers.queries import CustomerView
from shop.orders.presentation import tax_of
from shop.orders.pricing import Priced, price
from shop.transfers.queries import is_waiting_for_transfer
from shop.values import Amount, Texts

WAIT = (
    "You are a customer of the old shop, and your account has not been transferred yet. You can order here from the "
    "day of your transfer; until then please order in the old shop."
)


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines priced for a customer, ready to be ordered."""

    customer: CustomerView
    region: str
    currency: str
    tax_mode: str
    lines: tuple[OfferedLine, ...]
    priced: Priced


async def fill_basket(
    reader: Reader,
    *,
    catalog: CatalogSnapshot,
    organization_id: str,
    email: str | None,
    wanted: Sequence[WantedLine],
    seller_country: str,
) -> Basket:
    """Price the lines for the organization on its present day.

    Raises TransferPending, RegionNotServed, Invalid (one-off purchase, product of another region, bad quantity).
    """
    customer = await customers.get(reader, organization_id)
    await _refuse_before_transfer(reader, customer, email)
    region = catalog.region_for(customer.country)
    if region is None:
        raise RegionNotServed
    day = customer.today(reader)
    lines, errors = offer(catalog, region_code=region.code, day=day, lines=wanted)
    if errors:
        raise Invalid(errors=errors)
    priced = price(
        customer,
        [line.amount for line in lines],
        tax_mode=region.tax_mode,
        seller_country=seller_country,
        on=day,
    )
    return Basket(customer, region.code, region.currency, region.tax_mode, tuple(lines), priced)


def quoted(basket: Basket, catalog: CatalogSnapshot) -> Quote:
    """A basket as clients see it."""
    currency, totals = basket.currency, basket.priced.totals
    lines = [
        QuotedLine(
            product_code=line.product_code,
            product_name=Texts(**catalog.name_of(line.product_code)),
            interval=line.interval,
            quantity=line.quantity,
            unit_price=Amount.minor(line.price.amount, currency),
            net=Amount.minor(net, currency),
        )
        for line, net in zip(basket.lines, totals.line_nets, strict=True)
    ]
    return Quote(
        region=basket.region,
        currency=currency,
        tax_mode=basket.tax_mode,
        lines=lines,
        net=Amount.minor(totals.net, currency),
        tax=tax_of(asdict(basket.priced.decision), totals.tax, currency),
        total=Amount.minor(totals.total, currency),
    )


async def _refuse_before_transfer(reader: Reader, customer: CustomerView, email: str | None) -> None:
    """Orders for an organization that still waits for its transfer are refused (FAQ: new orders after the day)."""
    if customer.origin == "transferred":
        return
    for address in {customer.email, email or customer.email}:
        if await is_waiting_for_transfer(reader, organization_id=customer.organization_id, email=address or None):
            raise TransferPending(WAIT)
