"""The shop's outside parts and what it keeps in memory, for the life of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis.ops.brand import Brand, load_brand
from chassis.runtime import Runtime
from shop.catalog.shelves import Shelves
from shop.invoices.seller import Seller
from shop.one_offs.licensing import LicensingUnitsLeft
from shop.one_offs.units_left import UnitsLeft
from shop.payments.provider import PaymentProvider
from shop.payments.providers.sandbox import SandboxProvider
from shop.payments.providers.stripe import StripeProvider
from shop.payments.providers.stripe_api import StripeApi
from shop.payments.registry import Providers
from shop.seats.holders import SeatHolders
from shop.seats.licensing import LicensingSeatHolders
from shop.settings import ShopSettings


@dataclass(frozen=True)
class Edges:
    """What a verb may need besides the database."""

    providers: Providers
    shelves: Shelves
    seller: Seller
    brand: Brand
    seat_holders: SeatHolders
    units_left: UnitsLeft


@asynccontextmanager
async def open_edges(runtime: Runtime) -> AsyncIterator[Edges]:
    """Set up the payment providers, the catalogue in memory, the seller, the brand and the ways to licensing."""
    brand = load_brand(runtime.platform)
    yield Edges(
        providers=_providers(runtime),
        shelves=Shelves(runtime.database),
        seller=_seller(runtime.settings, brand),
        brand=brand,
        seat_holders=LicensingSeatHolders(runtime.clients, runtime.platform.licensing_url),
        units_left=LicensingUnitsLeft(runtime.clients, runtime.platform.licensing_url),
    )


def _providers(runtime: Runtime) -> Providers:
    """The sandbox under each of its names, but never in production; and Stripe, where it has a key."""
    settings: ShopSettings = runtime.settings
    providers: dict[str, PaymentProvider] = {}
    if not runtime.platform.is_production:
        for name in settings.sandbox_providers:
            providers[name] = SandboxProvider(runtime.database, name=name, public_url=runtime.platform.public_url)
    if settings.stripe_api_key:
        providers["stripe"] = _stripe(runtime)
    takes_new = "stripe" if settings.payment_provider == "stripe" else next(iter(providers), None)
    return Providers(providers, default=takes_new)


def _stripe(runtime: Runtime) -> StripeProvider:
    settings: ShopSettings = runtime.settings
    return StripeProvider(
        StripeApi(runtime.http, key=settings.stripe_api_key, url=settings.stripe_api_url),
        return_url=f"{runtime.platform.public_url}/account/orders",
        webhook_secret=settings.stripe_webhook_secret,
        clock=runtime.clock,
    )


def _seller(settings: ShopSettings, brand: Brand) -> Seller:
    return Seller(
        name=settings.seller_name or brand.name,
        street=settings.seller_street,
        postal_code=settings.seller_postal_code,
        city=settings.seller_city,
        country=settings.seller_country,
        vat_id=settings.seller_vat_id,
        email=brand.support_email,
        phone=brand.support_phone,
    )
