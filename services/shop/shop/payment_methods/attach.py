"""Add a card or a SEPA mandate."""

from chassis.db.transaction import Database
from chassis.kernel.errors import FieldError
from chassis.kernel.ids import new_id
from shop.payment_methods import store
from shop.payment_methods.errors import ProviderUnavailable, TokenNotAccepted
from shop.payment_methods.queries import MethodView, view_of
from shop.payments.provider import Attached, PaymentProvider, ProviderUnreachable, TokenRefused
from shop.payments.registry import Providers


async def attach(
    database: Database, providers: Providers, *, organization_id: str, token: str, kind: str | None, make_default: bool
) -> MethodView:
    """Have the provider store the method, then remember its token. The first method becomes the default.

    Raises TokenNotAccepted, ProviderUnavailable.
    """
    stored = await _store_at_provider(database, providers, organization_id, token, kind)
    async with database.transaction() as tx:
        await store.lock_all(tx, organization_id)
        is_default = make_default or not await store.has_default(tx, organization_id)
        if is_default:
            await store.set_default(tx, organization_id, None)
        row = await store.add(
            tx,
            {
                "id": new_id("pay"),
                "organization_id": organization_id,
                "provider": stored.instrument.provider,
                "provider_customer": stored.instrument.customer,
                "provider_method": stored.instrument.method,
                "kind": stored.instrument.kind,
                "brand": stored.brand,
                "last4": stored.instrument.last4,
                "exp_month": stored.exp_month,
                "exp_year": stored.exp_year,
                "mandate_reference": stored.mandate_reference,
                "mandate_signed_on": stored.mandate_signed_on,
                "is_default": is_default,
                "origin": "new",
            },
        )
    return view_of(row)


async def _store_at_provider(
    database: Database, providers: Providers, customer: str, token: str, kind: str | None
) -> Attached:
    name, provider = new_methods_go_to(providers)
    async with database.read() as reader:
        known_as = await store.known_as(reader, customer, name)
    try:
        return await provider.attach(token=token, customer=customer, known_as=known_as, kind=kind)
    except TokenRefused as refusal:
        detail = "The payment provider does not know this token. Please enter the card or account again."
        raise TokenNotAccepted(errors=[FieldError("/token", "token_refused", detail)]) from refusal
    except ProviderUnreachable as silence:
        raise ProviderUnavailable("The payment provider cannot be reached. Please try again.") from silence


def new_methods_go_to(providers: Providers) -> tuple[str, PaymentProvider]:
    """The provider that takes new methods, with its name. Raises ProviderUnavailable."""
    if providers.default is None:
        raise ProviderUnavailable("No payment provider is set up. Please contact our support.", retry_after=60)
    return providers.default, providers.get(providers.default)
