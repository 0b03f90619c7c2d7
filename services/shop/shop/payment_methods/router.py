"""Payment methods of the caller's organization."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy import select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import FieldError, Invalid
from shop.payment_methods import queries, store
from shop.payment_methods.attach import attach
from shop.payment_methods.errors import (
    PaymentMethodInUse,
    PaymentMethodNotFound,
    ProviderUnavailable,
    TokenNotAccepted,
)
from shop.payment_methods.models import payment_methods
from shop.payment_methods.queries import MethodView, view_of
from shop.payment_methods.remove import remove
from shop.payment_methods.schemas import (
    AttachPaymentMethod,
    Mandate,
    PaymentMethod,
    PaymentMethodSetup,
    StartSetup,
)
from shop.payment_methods.start_setup import start_setup

router = APIRouter(prefix="/payment-methods", tags=["payment methods"])

# An integration that may order needs to name the method it pays with.
Reading = Annotated[Principal, requires("payment_methods:write", "orders:write")]
Writing = Annotated[Principal, requires("payment_methods:write")]


@router.get("", operation_id="list_payment_methods", responses=problems(Invalid))
async def list_payment_methods(principal: Reading, reader: Read, page: PageQuery) -> Page[PaymentMethod]:
    """The cards and mandates of the organization, oldest first."""
    mine = select(payment_methods).where(
        payment_methods.c.organization_id == principal.organization, payment_methods.c.is_usable
    )
    return await page_of(reader, mine, page, order_by=[payment_methods.c.id], convert=lambda row: shown(view_of(row)))


@router.get("/{method_id}", operation_id="get_payment_method", responses=problems(PaymentMethodNotFound))
async def get_payment_method(principal: Reading, reader: Read, method_id: str) -> PaymentMethod:
    """One payment method."""
    return shown(await queries.get(reader, organization_id=principal.organization, method_id=method_id))


@router.post(
    "",
    status_code=201,
    operation_id="attach_payment_method",
    responses=problems(TokenNotAccepted, ProviderUnavailable),
)
async def attach_payment_method(
    principal: Writing, run: Run, body: AttachPaymentMethod, response: Response
) -> PaymentMethod:
    """Add a card or a SEPA mandate by the payment provider's token. A card or account number is refused unread."""
    method = await attach(
        run.database,
        run.edges.providers,
        organization_id=principal.organization,
        token=body.token,
        kind=body.kind,
        make_default=body.make_default,
    )
    response.headers["Location"] = f"/api/v1/payment-methods/{method.id}"
    return shown(method)


@router.post(
    "/setups",
    status_code=201,
    operation_id="start_payment_method_setup",
    responses=problems(Invalid, ProviderUnavailable),
)
async def start_payment_method_setup(principal: Writing, run: Run, body: StartSetup) -> PaymentMethodSetup:
    """Begin to enter a card or an account in the payment provider's own form. When that is done, attach the `token`."""
    if body.return_url is not None and not body.return_url.startswith(f"{run.platform.public_url}/"):
        raise Invalid(errors=[FieldError("/return_url", "foreign_url", "Come back to a page of this platform.")])
    provider, setup = await start_setup(
        run.database,
        run.edges.providers,
        organization_id=principal.organization,
        kind=body.kind,
        return_url=body.return_url,
    )
    return PaymentMethodSetup(
        provider=provider,
        publishable_key=run.settings.stripe_publishable_key if provider == "stripe" else "",
        client_secret=setup.client_secret,
        url=setup.url,
        token=setup.token,
    )


@router.post(
    "/{method_id}/make-default",
    operation_id="make_payment_method_default",
    responses=problems(PaymentMethodNotFound),
)
async def make_payment_method_default(principal: Writing, tx: Tx, method_id: str) -> PaymentMethod:
    """Pay new orders with this method unless another one is chosen. Running subscriptions keep theirs."""
    await store.lock_all(tx, principal.organization)
    await queries.get(tx, organization_id=principal.organization, method_id=method_id)
    await store.set_default(tx, principal.organization, method_id)
    return shown(await queries.get(tx, organization_id=principal.organization, method_id=method_id))


@router.delete(
    "/{method_id}",
    status_code=204,
    operation_id="remove_payment_method",
    responses=problems(PaymentMethodNotFound, PaymentMethodInUse),
)
async def remove_payment_method(principal: Writing, run: Run, method_id: str) -> None:
    """Remove a method that pays no running subscription."""
    await remove(run.database, run.edges.providers, organization_id=principal.organization, method_id=method_id)


def shown(method: MethodView) -> PaymentMethod:
    """A method as answers show it."""
    mandate = None
    if method.mandate_reference:
        mandate = Mandate(reference=method.mandate_reference, signed_on=method.mandate_signed_on)
    return PaymentMethod(
        id=method.id,
        kind=method.instrument.kind,
        provider=method.instrument.provider,
        brand=method.brand,
        last4=method.instrument.last4,
        exp_month=method.exp_month,
        exp_year=method.exp_year,
        mandate=mandate,
        is_default=method.is_default,
        origin=method.origin,
        created_at=method.created_at,
    )
