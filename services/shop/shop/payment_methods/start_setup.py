"""Let a customer enter a card or an account in the payment provider's own form."""

from chassis.db.transaction import Database
from shop.payment_methods import store
from shop.payment_methods.attach import new_methods_go_to
from shop.payment_methods.errors import ProviderUnavailable
from shop.payments.provider import ProviderUnreachable, Setup, TokenRefused
from shop.payments.registry import Providers


async def start_setup(
    database: Database, providers: Providers, *, organization_id: str, kind: str | None, return_url: str | None
) -> tuple[str, Setup]:
    """The provider's name, and what its form needs. Nothing is stored here until the token is attached.

    Raises ProviderUnavailable.
    """
    name, provider = new_methods_go_to(providers)
    async with database.read() as reader:
        known_as = await store.known_as(reader, organization_id, name)
    try:
        return name, await provider.start_setup(
            customer=organization_id, known_as=known_as, kind=kind, return_url=return_url
        )
    except (ProviderUnreachable, TokenRefused) as silence:
        raise ProviderUnavailable("The payment provider cannot be reached. Please try again.") from silence
