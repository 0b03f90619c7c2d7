"""Subscriptions of the caller's organization, and the operators' view of held ones."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, Unavailable
from shop.customers import queries as customers
from shop.customers.errors import CustomerOnHold
from shop.payment_methods.errors import PaymentMethodNotFound
from shop.payments.errors import PaymentDeclined
from shop.seats.errors import SeatsInUse
from shop.subscriptions import queries, store
from shop.subscriptions.cancel import cancel, resume
from shop.subscriptions.change_payment_method import change_payment_method
from shop.subscriptions.change_quantity import change_quantity
from shop.subscriptions.errors import (
    NotBilledHere,
    NotCancelled,
    NotHeld,
    PaymentInProgress,
    PromiseDoesNotFit,
    QuantityChangedMeanwhile,
    SubscriptionEndedAlready,
    SubscriptionNotFound,
    SubscriptionPastDue,
)
from shop.subscriptions.hold import let_go, let_go_as_promised
from shop.subscriptions.models import subscriptions
from shop.subscriptions.presentation import shown
from shop.subscriptions.preview_change import preview_change
from shop.subscriptions.schemas import (
    CancelSubscription,
    ChangePaymentMethod,
    ChangePreview,
    ChangeQuantity,
    ReleaseSubscription,
    Status,
    Subscription,
)
from shop.subscriptions.views import SubscriptionView, view_of

router = APIRouter(prefix="/subscriptions", tags=["subscriptions"])

Reading = Annotated[Principal, requires("orders:read", "orders:write", "operator:read", "operator:write")]
Writing = Annotated[Principal, requires("orders:write")]
Operating = Annotated[Principal, requires("operator:write")]
UNCHANGEABLE = (SubscriptionNotFound, SubscriptionEndedAlready, NotBilledHere)


@router.get("", operation_id="list_subscriptions", responses=problems(Invalid))
async def list_subscriptions(
    principal: Reading,
    reader: Read,
    run: Run,
    page: PageQuery,
    status: Status | None = None,
    product_code: str | None = None,
    number: str | None = None,
    organization: Annotated[str | None, Query(description="Operators only: of this organization.")] = None,
) -> Page[Subscription]:
    """The subscriptions of the organization, oldest first. Operators see everybody's, `status=held` among them."""
    catalog = await run.edges.shelves.snapshot()
    owner = organization if principal.is_operator else principal.organization
    wanted = select(subscriptions)
    for name, value in {"organization_id": owner, "product_code": product_code, "number": number}.items():
        if value is not None:
            wanted = wanted.where(subscriptions.c[name] == value)
    if status == "held":
        wanted = wanted.where(subscriptions.c.held_reason.is_not(None))
    elif status is not None:
        wanted = wanted.where(subscriptions.c.status == status, subscriptions.c.held_reason.is_(None))
    return await page_of(
        reader,
        wanted,
        page,
        order_by=[subscriptions.c.id],
        convert=lambda row: shown(view_of(row), catalog),
    )


@router.get("/{subscription_id}", operation_id="get_subscription", responses=problems(SubscriptionNotFound))
async def get_subscription(principal: Reading, reader: Read, run: Run, subscription_id: str) -> Subscription:
    """One subscription."""
    owner = None if principal.is_operator else principal.organization
    found = await queries.get(reader, organization_id=owner, subscription_id=subscription_id)
    return shown(found, await run.edges.shelves.snapshot())


@router.post("/{subscription_id}/cancel", operation_id="cancel_subscription", responses=problems(*UNCHANGEABLE))
async def cancel_subscription(
    principal: Writing, tx: Tx, run: Run, subscription_id: str, body: CancelSubscription | None = None
) -> Subscription:
    """End it with its term; until then everything works. One whose renewal is unpaid ends now, and is not tried."""
    catalog = await run.edges.shelves.snapshot()
    subscription = await _locked(tx, principal, subscription_id)
    customer = await customers.get(tx, subscription.organization_id)
    return shown(await cancel(tx, subscription, customer, catalog), catalog)


@router.post(
    "/{subscription_id}/resume", operation_id="resume_subscription", responses=problems(*UNCHANGEABLE, NotCancelled)
)
async def resume_subscription(principal: Writing, tx: Tx, run: Run, subscription_id: str) -> Subscription:
    """Undo the cancellation."""
    catalog = await run.edges.shelves.snapshot()
    subscription = await _locked(tx, principal, subscription_id)
    customer = await customers.get(tx, subscription.organization_id)
    return shown(await resume(tx, subscription, customer, catalog), catalog)


@router.post(
    "/{subscription_id}/preview-change",
    operation_id="preview_subscription_change",
    responses=problems(*UNCHANGEABLE, SeatsInUse, Invalid, Unavailable),
)
async def preview_subscription_change(
    principal: Reading, run: Run, subscription_id: str, body: ChangeQuantity
) -> ChangePreview:
    """What another quantity would cost now and at the renewal. Changes nothing.

    409 `seats-in-use` when so few would leave somebody without a seat whom `release` does not name: `to_release` more
    are to be chosen from `candidates`; `preview` tells the costs all the same.
    """
    return await preview_change(
        run.database,
        run.edges,
        organization_id=None if principal.is_operator else principal.organization,
        subscription_id=subscription_id,
        quantity=body.quantity,
        release=body.release,
    )


@router.post(
    "/{subscription_id}/change-quantity",
    operation_id="change_subscription_quantity",
    responses={
        202: {"model": Subscription, "description": "The payment is not decided yet: see the order at `Location`."},
        **problems(
            *UNCHANGEABLE,
            SubscriptionPastDue,
            PaymentInProgress,
            QuantityChangedMeanwhile,
            SeatsInUse,
            CustomerOnHold,
            PaymentDeclined,
            Invalid,
            Unavailable,
        ),
    },
)
async def change_subscription_quantity(
    principal: Writing, run: Run, subscription_id: str, body: ChangeQuantity, response: Response
) -> Subscription:
    """More seats are charged for the rest of the term and there at once. Fewer count from the next renewal.

    202 when the payer has to confirm the payment: the order at `Location` has the `action_url`. 409 `seats-in-use` when
    more seats are held at the renewal than would be left: `release` names whom of the `candidates` it costs a seat.
    """
    changed = await change_quantity(
        run.database,
        run.edges,
        organization_id=principal.organization,
        subscription_id=subscription_id,
        quantity=body.quantity,
        release=body.release,
    )
    if changed.waiting_order_id is not None:
        response.status_code = 202
        response.headers["Location"] = f"/api/v1/orders/{changed.waiting_order_id}"
    return shown(changed.subscription, await run.edges.shelves.snapshot())


@router.post(
    "/{subscription_id}/change-payment-method",
    operation_id="change_subscription_payment_method",
    responses=problems(*UNCHANGEABLE, PaymentMethodNotFound),
)
async def change_subscription_payment_method(
    principal: Writing, tx: Tx, run: Run, subscription_id: str, body: ChangePaymentMethod
) -> Subscription:
    """Pay with another method from now on. An outstanding renewal is tried with it at once."""
    subscription = await _locked(tx, principal, subscription_id)
    changed = await change_payment_method(tx, subscription, payment_method_id=body.payment_method_id)
    return shown(changed, await run.edges.shelves.snapshot())


@router.post(
    "/{subscription_id}/release",
    operation_id="release_subscription",
    responses=problems(SubscriptionNotFound, NotHeld, PromiseDoesNotFit),
)
async def release_subscription(
    principal: Operating, tx: Tx, run: Run, subscription_id: str, body: ReleaseSubscription | None = None
) -> Subscription:
    """Operators: let a held renewal be charged, once: as it stands, or corrected to what the dry run promised.

    `as_promised` corrects the price per seat for this and all later terms. Nothing is ever charged without this.
    """
    catalog = await run.edges.shelves.snapshot()
    subscription = await store.lock(tx, subscription_id)
    if subscription is None:
        raise SubscriptionNotFound
    is_corrected = body is not None and body.charge == "as_promised"
    return shown(await (let_go_as_promised if is_corrected else let_go)(tx, subscription), catalog)


async def _locked(tx: Tx, principal: Principal, subscription_id: str) -> SubscriptionView:
    subscription = await store.lock(tx, subscription_id)
    if subscription is None or subscription.organization_id != principal.organization:
        raise SubscriptionNotFound
    return subscription
