"""Subscriptions as answers."""

from shop.catalog.queries import CatalogSnapshot
from shop.orders.pricing import Priced
from shop.subscriptions.quantity import QuantityChange
from shop.subscriptions.schemas import ChangePreview, Subscription, Sum, Term
from shop.subscriptions.views import SubscriptionView
from shop.values import Amount, Texts


def shown(view: SubscriptionView, catalog: CatalogSnapshot) -> Subscription:
    """A subscription as clients see it."""
    promised = view.expected_renewal_minor
    return Subscription(
        id=view.id,
        number=view.number,
        organization_id=view.organization_id,
        product_code=view.product_code,
        product_name=Texts(**catalog.name_of(view.product_code)),
        quantity=view.quantity,
        interval=view.interval,
        unit_price=Amount.minor(view.unit_price_minor, view.currency),
        tax_mode=view.tax_mode,
        status="held" if view.held_reason and view.status != "ended" else view.status,
        started_on=view.started_on,
        term=Term(first_day=view.term_first_day, last_day=view.term_last_day),
        next_renewal_on=view.next_renewal_on,
        cancel_at_term_end=view.cancel_at_term_end,
        pending_quantity=view.pending_quantity,
        pending_release=view.pending_release,
        payment_method_id=view.payment_method_id,
        invoice_number=view.invoice_number,
        order_id=view.order_id,
        origin=view.origin,
        transfer_id=view.transfer_id,
        billing_owner=view.billing_owner,
        grace_until=view.grace_until,
        ends_unpaid_on=view.ends_unpaid_on,
        held_reason=view.held_reason,
        renewal=Amount.minor(view.renewal_quantity * view.unit_price_minor, view.currency),
        promised_renewal=None if promised is None else Amount.minor(promised, view.currency),
        ended_reason=view.ended_reason,
        ended_at=view.ended_at,
        created_at=view.created_at,
    )


def preview(view: SubscriptionView, plan: QuantityChange) -> ChangePreview:
    """A planned change of quantity as clients see it."""
    return ChangePreview(
        quantity=plan.quantity,
        effective_on=plan.effective_on,
        charge_now=_sum(plan.charge_now, view.currency) if plan.charge_now else None,
        next_renewal_on=view.next_renewal_on,
        renewal=_sum(plan.renewal, view.currency),
    )


def _sum(priced: Priced, currency: str) -> Sum:
    totals = priced.totals
    return Sum(
        net=Amount.minor(totals.net, currency),
        tax=Amount.minor(totals.tax, currency),
        total=Amount.minor(totals.total, currency),
    )
