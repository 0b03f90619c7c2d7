"""What a change of quantity means in money: more seats cost their share of the term now, fewer count from renewal."""

from dataclasses import dataclass
from datetime import date

from shop.customers.queries import CustomerView
from shop.orders.pricing import Priced, price
from shop.subscriptions.rules import prorated
from shop.subscriptions.views import SubscriptionView


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """A change to `quantity`: what it costs now (None: nothing) and what the next renewal will."""

    quantity: int
    charge_now: Priced | None
    renewal: Priced
    effective_on: date


def plan_change(
    subscription: SubscriptionView, customer: CustomerView, *, quantity: int, seller_country: str, today: date
) -> QuantityChange:
    """The consequences of having `quantity` seats."""
    more = quantity - subscription.quantity
    renewal = price(
        customer,
        [quantity * subscription.unit_price_minor],
        tax_mode=subscription.tax_mode,
        seller_country=seller_country,
        on=subscription.next_renewal_on,
    )
    if more <= 0:
        effective_on = subscription.next_renewal_on if more < 0 else today
        return QuantityChange(quantity, None, renewal, effective_on)
    amount = prorated(
        unit_price=subscription.unit_price_minor,
        seats=more,
        term_first_day=subscription.term_first_day,
        term_last_day=subscription.term_last_day,
        today=today,
    )
    now = price(customer, [amount], tax_mode=subscription.tax_mode, seller_country=seller_country, on=today)
    return QuantityChange(quantity, now, renewal, today)
