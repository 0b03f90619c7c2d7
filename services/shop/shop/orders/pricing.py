"""What a customer pays for amounts on a day: tax decision and totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shop.customers.queries import CustomerView
from shop.taxes.rules import TaxDecision, Totals, decide, total_up


@dataclass(frozen=True, slots=True)
class Priced:
    """Totals with the tax decision behind them."""

    decision: TaxDecision
    totals: Totals


def price(customer: CustomerView, amounts: Sequence[int], *, tax_mode: str, seller_country: str, on: date) -> Priced:
    """Tax and totals of line amounts that are `tax_mode` (net or gross) of tax."""
    decision = decide(
        seller_country=seller_country, buyer_country=customer.country, vat_country=customer.vat_country, on=on
    )
    return Priced(decision, total_up(amounts, tax_mode=tax_mode, decision=decision))
