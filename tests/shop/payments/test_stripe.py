"""What only Stripe's adapter has to cope with: a line that breaks, keys that expire, methods of another account."""

from dataclasses import replace
from itertools import count

import httpx
import pytest

from chassis.kernel.money import Money
from shop.payments.provider import FailureKind, Instrument, Outcome, ProviderUnreachable, Status, TokenRefused
from shop.payments.providers.stripe import StripeProvider
from shop.payments.providers.stripe_api import StripeApi
from shop.payments.providers.stripe_outcomes import declined, outcome_of
from tests.harness.stripe_double import StripeDouble
from tests.shop.payments.banks import CUSTOMER, StripeBank, stored

NUMBERS = count(1)


@pytest.fixture
def key() -> str:
    """A key that was never used."""
    return f"ord_stripe{next(NUMBERS)}:1"


async def charge(bank: StripeBank, key: str, instrument: Instrument) -> Outcome:
    """Collect ten euros."""
    return await bank.provider.charge(key=key, instrument=instrument, amount=Money(1_000, "EUR"), description="test")


async def test_a_request_that_never_arrived_has_collected_nothing(stripe_bank: StripeBank, key: str) -> None:
    card = await stored(stripe_bank, "good")
    stripe_bank.double.fail_next("unheard")
    with pytest.raises(ProviderUnreachable):
        await charge(stripe_bank, key, card)

    assert await stripe_bank.provider.find(key, card) is None
    assert (await charge(stripe_bank, key, card)).status == Status.SUCCEEDED
    assert await stripe_bank.collected(key) == [1_000]


async def test_an_error_of_stripes_own_says_nothing_about_the_money(stripe_bank: StripeBank, key: str) -> None:
    card = await stored(stripe_bank, "good")
    stripe_bank.double.fail_next("error")

    with pytest.raises(ProviderUnreachable):
        await charge(stripe_bank, key, card)


async def test_an_answer_that_takes_too_long_is_asked_for(stripe_bank: StripeBank, key: str) -> None:
    card = await stored(stripe_bank, "good")
    stripe_bank.double.fail_next("held")
    with pytest.raises(ProviderUnreachable):
        await charge(stripe_bank, key, card)
    with pytest.raises(ProviderUnreachable):  # the first call still runs
        await charge(stripe_bank, key, card)

    stripe_bank.double.release()

    assert (await charge(stripe_bank, key, card)).status == Status.SUCCEEDED
    assert await stripe_bank.collected(key) == [1_000]


async def test_a_charge_is_found_when_its_key_has_expired(stripe_bank: StripeBank, key: str) -> None:
    card = await stripe_bank.losing_answers()
    with pytest.raises(ProviderUnreachable):
        await charge(stripe_bank, key, card)
    stripe_bank.double.forget_keys()

    found = await stripe_bank.provider.find(key, card)

    assert found is not None
    assert found.status == Status.SUCCEEDED


async def test_a_charge_that_is_not_listed_any_more_is_found_by_search(stripe_bank: StripeBank, key: str) -> None:
    card = await stored(stripe_bank, "good")
    await charge(stripe_bank, key, card)
    unknown_customer = replace(card, customer="")

    too_early = await stripe_bank.provider.find(key, unknown_customer)
    stripe_bank.double.index()
    found = await stripe_bank.provider.find(key, unknown_customer)

    assert too_early is None
    assert found is not None
    assert found.status == Status.SUCCEEDED


async def test_an_unheard_request_for_the_payer_is_made_up_for_when_asked(stripe_bank: StripeBank, key: str) -> None:
    card = await stored(stripe_bank, "wants_payer")
    stripe_bank.double.fail_next("lost")
    with pytest.raises(ProviderUnreachable):
        await charge(stripe_bank, key, card)

    found = await stripe_bank.provider.find(key, card)

    assert found is not None
    assert found.status == Status.ACTION_REQUIRED
    assert (found.action_url or "").startswith(stripe_bank.double.url)


async def test_an_imported_method_is_attached_once_and_never_made_anew(stripe_bank: StripeBank, key: str) -> None:
    imported = stripe_bank.imported("good")
    before = len(stripe_bank.double.requests)

    await charge(stripe_bank, key, imported)
    await charge(stripe_bank, f"{key}:again", imported)

    posted = [path for method, path, _ in stripe_bank.double.requests[before:] if method == "POST"]
    assert posted == [f"payment_methods/{imported.method}/attach", "payment_intents", "payment_intents"]
    (intent,) = stripe_bank.double.intents(key)
    assert (intent["customer"], intent["payment_method"]) == (imported.customer, imported.method)


async def test_a_method_of_another_customer_is_never_charged(stripe_bank: StripeBank, key: str) -> None:
    theirs = stripe_bank.imported("good", is_attached=True)
    mine = await stored(stripe_bank, "good")

    answer = await charge(stripe_bank, key, replace(theirs, customer=mine.customer))

    assert (answer.status, answer.failure_code) == (Status.DECLINED, "payment_method_missing")
    assert answer.failure_kind == FailureKind.HARD
    assert stripe_bank.double.intents(key) == []


async def test_a_method_that_is_not_there_is_a_decline(stripe_bank: StripeBank, key: str) -> None:
    gone = Instrument("stripe", "cus_gone", "pm_gone/../../customers", "card", "4242")

    answer = await charge(stripe_bank, key, gone)

    assert (answer.status, answer.failure_code) == (Status.DECLINED, "payment_method_missing")


async def test_a_method_of_another_customer_cannot_be_attached(stripe_bank: StripeBank) -> None:
    theirs = stripe_bank.imported("good", is_attached=True)

    with pytest.raises(TokenRefused):
        await stripe_bank.provider.attach(token=theirs.method, customer=CUSTOMER, known_as=None, kind=None)


async def test_a_setup_that_is_not_finished_or_not_mine_cannot_be_attached(stripe_bank: StripeBank) -> None:
    provider = stripe_bank.provider
    unfinished = await provider.start_setup(customer=CUSTOMER, known_as=None, kind="card", return_url=None)
    theirs = await provider.start_setup(customer="org_other", known_as=None, kind="card", return_url=None)
    stripe_bank.enter(theirs.token)

    for setup in (unfinished, theirs):
        with pytest.raises(TokenRefused):
            await provider.attach(token=setup.token, customer=CUSTOMER, known_as=None, kind="card")


async def test_an_organization_is_one_customer_at_stripe_for_ever(stripe_bank: StripeBank) -> None:
    first = await stored(stripe_bank, "good")
    stripe_bank.double.forget_keys()
    stripe_bank.double.index()

    second = await stored(stripe_bank, "debit")

    assert second.customer == first.customer


async def test_a_customer_imported_with_the_old_shop_keeps_its_id(stripe_bank: StripeBank) -> None:
    imported = stripe_bank.imported("good", is_attached=True)

    attached = await stripe_bank.provider.attach(
        token="pm_card_visa", customer="org_moved", known_as=imported.customer, kind=None
    )

    assert attached.instrument.customer == imported.customer


async def test_a_wrong_key_of_ours_declines_nobody(stripe: StripeDouble, stripe_bank: StripeBank, key: str) -> None:
    card = await stored(stripe_bank, "good")
    async with httpx.AsyncClient() as http:
        locked_out = StripeProvider(StripeApi(http, key="sk_wrong", url=stripe.url), return_url="http://localhost")

        with pytest.raises(ProviderUnreachable):
            await locked_out.charge(key=key, instrument=card, amount=Money(1_000, "EUR"), description="test")


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        ({"code": "card_declined", "decline_code": "insufficient_funds"}, "insufficient_funds", FailureKind.SOFT),
        ({"code": "card_declined", "decline_code": "generic_decline"}, "card_declined", FailureKind.SOFT),
        ({"code": "card_declined", "decline_code": "stolen_card"}, "card_declined", FailureKind.HARD),
        ({"code": "expired_card", "decline_code": None}, "expired_card", FailureKind.HARD),
        ({"code": "payment_intent_authentication_failure"}, "authentication_failed", FailureKind.ACTION),
        ({"code": "card_declined", "decline_code": "brand_new"}, "card_declined", FailureKind.UNKNOWN),
        ({"code": "new", "payment_method": {"type": "sepa_debit"}}, "debit_declined", FailureKind.UNKNOWN),
        ({}, "card_declined", FailureKind.UNKNOWN),
    ],
)
def test_declines_are_told_in_the_words_of_the_port(error: dict[str, object], code: str, kind: FailureKind) -> None:
    outcome = declined("pi_1", error)

    assert (outcome.status, outcome.failure_code, outcome.failure_kind) == (Status.DECLINED, code, kind)


def test_a_status_that_nobody_understands_stays_open() -> None:
    with pytest.raises(ProviderUnreachable):
        outcome_of({"id": "pi_1", "status": "requires_something_new"})
