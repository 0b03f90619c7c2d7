"""The shop's outside parts and what it keeps in memory, for the life of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis.ops.brand import Brand, load_brand
from chassis.runtime import Runtime
from shop.catalog.shelves import Shelves
from shop.invoices.seller import Seller
from shop.payments.provider import PaymentProvider
from shop.payments.providers.sandbox import SandboxProvider
from shop.payments.registry import Providers
from shop.settings import ShopSettings


@dataclass(frozen=True)
class Edges:
    """What a verb may need besides the database."""

    providers: Providers
    shelves: Shelves
    seller: Seller
    brand: Brand


@asynccontextmanager
async def open_edges(runtime: Runtime) -> AsyncIterator[Edges]:
    """Set up the payment providers, the catalogue in memory, the seller and the brand."""
    brand = load_brand(runtime.platform)
    yield Edges(
        providers=_providers(runtime),
        shelves=Shelves(runtime.database),
        seller=_seller(runtime.settings, brand),
        brand=brand,
    )


def _providers(runtime: Runtime) -> Providers:
    """The sandbox under each of its names; none in production, where it must never collect."""
    if runtime.platform.is_production:
        return Providers({}, default=None)
    providers: dict[str, PaymentProvider] = {
        name: SandboxProvider(runtime.database, name=name, public_url=runtime.platform.public_url)
        for name in runtime.settings.sandbox_providers
    }
    return Providers(providers, default=next(iter(providers), None))


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
