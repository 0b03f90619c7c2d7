"""Which tax a sale bears, and totals that add up to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from chassis.kernel.money import round_half_up
from shop.taxes.rates import EU_COUNTRIES, TAXED_AS, standard_rate

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class TaxDecision:
    """The tax of one order. `category` is the code of EN 16931: S standard, AE reverse charge, O outside the scope."""

    category: str
    country: str
    rate: int
    """What is charged, in basis points."""
    included_rate: int
    """What a gross price contains, in basis points, whether it is charged or not."""
    reason: str


@dataclass(frozen=True, slots=True)
class Totals:
    """`net + tax == total`, and the lines' nets add up to `net`."""

    net: int
    tax: int
    total: int
    line_nets: tuple[int, ...]


def decide(*, seller_country: str, buyer_country: str, vat_country: str | None, on: date) -> TaxDecision:
    """The tax on a service sold to a business on a day.

    `vat_country` is the country of the buyer's VAT id when the id is in good form, else None. Within the Union the
    place of supply is the buyer's (VAT Directive 2006/112/EC, article 44): with a VAT id of another member state the
    buyer owes the tax (article 196); without one the sale is taxed like a consumer's, at the rate of the buyer's
    country (article 58). Outside the Union, and outside the seller's country, there is no tax to charge.
    """
    buyer_country = TAXED_AS.get(buyer_country, buyer_country)
    local_rate = standard_rate(buyer_country, on) or 0
    if buyer_country == seller_country:
        return TaxDecision("S", buyer_country, local_rate, local_rate, "domestic")
    if buyer_country not in EU_COUNTRIES:
        return TaxDecision("O", buyer_country, 0, 0, "outside_the_union")
    if vat_country is not None and vat_country == buyer_country:
        return TaxDecision("AE", buyer_country, 0, local_rate, "reverse_charge")
    return TaxDecision("S", buyer_country, local_rate, local_rate, "buyers_country")


def total_up(amounts: Sequence[int], *, tax_mode: str, decision: TaxDecision) -> Totals:
    """Net, tax and total of line amounts, which are `net` or `gross` of tax as the region's prices are.

    The tax is computed on the sum and rounded once, half up; cents that are left over go to the largest lines.
    """
    amount = sum(amounts)
    if tax_mode == "gross":
        net = round_half_up(Fraction(amount * WHOLE, WHOLE + decision.included_rate))
        total = amount if decision.category == "S" else net
        return Totals(net, total - net, total, _share_out(net, amounts))
    tax = round_half_up(Fraction(amount * decision.rate, WHOLE))
    return Totals(amount, tax, amount + tax, tuple(amounts))


def _share_out(net: int, amounts: Sequence[int]) -> tuple[int, ...]:
    """Split `net` in proportion to `amounts` so that the parts are whole and add up (largest remainder)."""
    whole = sum(amounts)
    if whole == 0:
        return tuple(0 for _ in amounts)
    shares = [divmod(net * amount, whole) for amount in amounts]
    left = net - sum(share for share, _ in shares)
    by_remainder = sorted(range(len(amounts)), key=lambda index: -shares[index][1])
    lucky = set(by_remainder[:left])
    return tuple(share + (index in lucky) for index, (share, _) in enumerate(shares))
