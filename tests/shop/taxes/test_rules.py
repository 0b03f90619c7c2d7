"""Which tax a sale bears, and totals that add up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.taxes.rates import standard_rate
from shop.taxes.rules import TaxDecision, decide, total_up

DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("seller", "buyer", "vat", "category", "rate", "reason"),
    [
        ("DE", "DE", None, "S", 1900, "domestic"),
        ("DE", "DE", "DE", "S", 1900, "domestic"),
        ("DE", "FR", "FR", "AE", 0, "reverse_charge"),
        ("DE", "FR", None, "S", 2000, "buyers_country"),
        ("DE", "FR", "IT", "S", 2000, "buyers_country"),
        ("DE", "FI", None, "S", 2550, "buyers_country"),
        ("DE", "CH", "CH", "O", 0, "outside_the_union"),
        ("DE", "US", None, "O", 0, "outside_the_union"),
        ("DE", "MC", None, "S", 2000, "buyers_country"),
        ("DE", "MC", "FR", "AE", 0, "reverse_charge"),
        ("FR", "MC", None, "S", 2000, "domestic"),
        ("CH", "CH", None, "S", 810, "domestic"),
        ("CH", "DE", "DE", "AE", 0, "reverse_charge"),
        ("DE", "GR", "GR", "AE", 0, "reverse_charge"),
    ],
)
def test_the_decision(seller: str, buyer: str, vat: str | None, category: str, rate: int, reason: str) -> None:
    decision = decide(seller_country=seller, buyer_country=buyer, vat_country=vat, on=DAY)

    assert (decision.category, decision.rate, decision.reason) == (category, rate, reason)


@pytest.mark.parametrize(
    ("country", "day", "rate"),
    [
        ("SK", date(2024, 12, 31), 2000),
        ("SK", date(2025, 1, 1), 2300),
        ("EE", date(2025, 6, 30), 2200),
        ("EE", date(2025, 7, 1), 2400),
        ("RO", date(2025, 8, 1), 2100),
        ("US", DAY, None),
    ],
)
def test_rates_change_on_their_day(country: str, day: date, rate: int | None) -> None:
    assert standard_rate(country, day) == rate


def standard(rate: int) -> TaxDecision:
    """A sale taxed at a rate."""
    return TaxDecision("S", "DE", rate, rate, "domestic")


@pytest.mark.parametrize(
    ("amounts", "mode", "rate", "net", "tax", "total"),
    [
        ([10_000], "net", 1900, 10_000, 1_900, 11_900),
        ([333, 333, 333], "net", 1900, 999, 190, 1_189),
        ([50], "net", 1900, 50, 10, 60),
        ([50], "net", 2100, 50, 11, 61),
        ([11_900], "gross", 1900, 10_000, 1_900, 11_900),
        ([999], "gross", 810, 924, 75, 999),
        ([0], "net", 1900, 0, 0, 0),
    ],
)
def test_the_tax_is_rounded_once_half_up(
    amounts: list[int], mode: str, rate: int, net: int, tax: int, total: int
) -> None:
    totals = total_up(amounts, tax_mode=mode, decision=standard(rate))

    assert (totals.net, totals.tax, totals.total) == (net, tax, total)


def test_a_gross_price_without_tax_to_charge_is_paid_net() -> None:
    decision = TaxDecision("AE", "FR", 0, 2000, "reverse_charge")

    totals = total_up([12_000], tax_mode="gross", decision=decision)

    assert (totals.net, totals.tax, totals.total) == (10_000, 0, 10_000)


@given(
    amounts=st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    mode=st.sampled_from(["net", "gross"]),
    rate=st.integers(0, 2700),
)
def test_net_and_tax_make_the_total_and_the_lines_make_the_net(amounts: list[int], mode: str, rate: int) -> None:
    totals = total_up(amounts, tax_mode=mode, decision=standard(rate))

    assert totals.net + totals.tax == totals.total
    assert sum(totals.line_nets) == totals.net
    assert len(totals.line_nets) == len(amounts)
    assert totals.total == sum(amounts) if mode == "gross" else totals.net == sum(amounts)
