"""What looks like a card or account number never gets in."""

import pytest

from shop.payment_methods.rules import contains_number, looks_like_a_number


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "tok_4242424242424242",
        "371449635398431",
        "DE89 3704 0044 0532 0130 00",
        "de89370400440532013000",
        "FR1420041010050500013M02606",
    ],
)
def test_numbers_are_recognized(text: str) -> None:
    assert looks_like_a_number(text)


@pytest.mark.parametrize("text", ["tok_visa", "tok_card_0002", "pm_1Nxyz", "4242", "12/2030", "seti_01hx9"])
def test_tokens_are_not_taken_for_numbers(text: str) -> None:
    assert not looks_like_a_number(text)


def test_a_number_is_found_wherever_it_hides() -> None:
    assert contains_number({"a": [{"b": 4242424242424242}]})
    assert contains_number({"4242424242424242": None})
    assert not contains_number({"token": "tok_visa", "make_default": True})
