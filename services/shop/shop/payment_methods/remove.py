"""Remove a payment method."""

from sqlalchemy.exc import IntegrityError

from chassis.db.transaction import Database
from shop.payment_methods import queries, store
from shop.payment_methods.errors import PaymentMethodInUse
from shop.payments.provider import Instrument, ProviderUnreachable
from shop.payments.queries import is_being_charged
from shop.payments.registry import Providers


async def remove(database: Database, providers: Providers, *, organization_id: str, method_id: str) -> None:
    """Use a method no more; the newest of the others becomes the default. Raises PaymentMethodNotFound.

    Raises PaymentMethodInUse while it pays a live subscription: a foreign key of `subscriptions` sees to that, so
    a subscription that takes the method at this very moment wins or loses, but never ends up without one.
    """
    instrument = await _retire(database, organization_id, method_id)
    if instrument.provider in providers.names:
        try:
            await providers.get(instrument.provider).detach(instrument)
        except ProviderUnreachable:
            return  # We never charge it again; what the provider still stores does no harm.


async def _retire(database: Database, organization_id: str, method_id: str) -> Instrument:
    try:
        async with database.transaction() as tx:
            await store.lock_all(tx, organization_id)
            method = await queries.get(tx, organization_id=organization_id, method_id=method_id)
            await store.retire(tx, method_id)
            # Asked after the row is locked: who charges it holds a shared lock until the charge is written down.
            if await is_being_charged(tx, method_id):
                raise PaymentMethodInUse("A payment with this method is still being processed.")
            if method.is_default:
                await store.set_default(tx, organization_id, await store.newest(tx, organization_id))
            return method.instrument
    except IntegrityError as refusal:
        if "subscriptions_paying_method_fkey" in str(refusal):
            raise PaymentMethodInUse("Give the subscription another payment method first.") from refusal
        raise
