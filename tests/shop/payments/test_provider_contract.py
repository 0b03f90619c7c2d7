"""What the shop relies on, whichever provider stands behind the port."""

import asyncio
from itertools import count

import pytest

from chassis.kernel.money import Money
from shop.payments.provider import (
    FailureKind,
    Instrument,
    Outcome,
    ProviderUnreachable,
    RefundRefused,
    Status,
    TokenRefused,
)
from tests.harness.eventually import eventually
from tests.shop.payments.banks import BEHAVIOURS, CUSTOMER, Bank, stored

TEN_EUROS = Money(1_000, "EUR")
NUMBERS = count(1)


@pytest.fixture
def key() -> str:
    """A key that was never used."""
    return f"ord_contract{next(NUMBERS)}:1"


async def charge(bank: Bank, key: str, instrument: Instrument, amount: Money = TEN_EUROS) -> Outcome:
    """Collect, as the shop does."""
    return await bank.provider.charge(key=key, instrument=instrument, amount=amount, description="ord_contract")


async def charged_or_asked(bank: Bank, key: str, instrument: Instrument) -> Outcome:
    """Collect, and ask when there was no answer."""
    try:
        return await charge(bank, key, instrument)
    except ProviderUnreachable:
        return await eventually(lambda: bank.provider.find(key, instrument))


async def test_a_good_card_pays(bank: Bank, key: str) -> None:
    card = await stored(bank, "good")

    paid = await charge(bank, key, card)

    assert (paid.status, paid.failure_code, paid.action_url) == (Status.SUCCEEDED, None, None)
    assert paid.reference
    assert await bank.provider.find(key, card) == paid
    assert await bank.collected(key) == [1_000]


@pytest.mark.parametrize(("behaviour", "code"), [("declined", "card_declined"), ("no_funds", "insufficient_funds")])
async def test_a_decline_says_why_and_whether_to_try_again(bank: Bank, key: str, behaviour: str, code: str) -> None:
    card = await stored(bank, behaviour)

    answer = await charge(bank, key, card)

    assert (answer.status, answer.failure_code, answer.failure_kind) == (Status.DECLINED, code, FailureKind.SOFT)
    assert await bank.provider.find(key, card) == answer
    assert await bank.collected(key) == []


async def test_the_same_key_collects_once(bank: Bank, key: str) -> None:
    card = await stored(bank, "good")

    answers = [await charge(bank, key, card) for _ in range(3)]

    assert len(set(answers)) == 1
    assert await bank.collected(key) == [1_000]


async def test_the_same_key_at_the_same_time_collects_once(bank: Bank, key: str) -> None:
    card = await stored(bank, "good")

    answers = await asyncio.gather(*[charged_or_asked(bank, key, card) for _ in range(8)])

    assert {answer.status for answer in answers} == {Status.SUCCEEDED}
    assert len({answer.reference for answer in answers}) == 1
    assert await bank.collected(key) == [1_000]


async def test_a_key_stands_for_one_amount(bank: Bank, key: str) -> None:
    card = await stored(bank, "good")
    await charge(bank, key, card)

    with pytest.raises(ValueError, match="idempotency key"):
        await charge(bank, key, card, Money(2_000, "EUR"))

    assert await bank.collected(key) == [1_000]


async def test_a_lost_answer_is_asked_for(bank: Bank, key: str) -> None:
    card = await bank.losing_answers()
    with pytest.raises(ProviderUnreachable):
        await charge(bank, key, card)

    found = await bank.provider.find(key, card)

    assert found is not None
    assert found.status == Status.SUCCEEDED
    assert await bank.collected(key) == [1_000]


async def test_a_key_that_was_never_seen_is_not_found(bank: Bank, key: str) -> None:
    card = await stored(bank, "good")

    assert await bank.provider.find(key, card) is None
    assert await bank.provider.abandon(key, card) is None


@pytest.mark.parametrize(("accept", "status"), [(True, Status.SUCCEEDED), (False, Status.DECLINED)])
async def test_the_payer_confirms_or_refuses(bank: Bank, key: str, accept: bool, status: Status) -> None:
    card = await stored(bank, "wants_payer")
    waiting = await charge(bank, key, card)
    assert waiting.status == Status.ACTION_REQUIRED
    assert waiting.action_url is not None
    assert await bank.provider.find(key, card) == waiting
    assert await bank.collected(key) == []

    await bank.confirm(waiting, accept=accept)

    answer = await bank.provider.find(key, card)
    assert answer is not None
    assert (answer.status, answer.reference) == (status, waiting.reference)
    assert answer.failure_code == (None if accept else "authentication_failed")
    assert await bank.collected(key) == ([1_000] if accept else [])


async def test_what_waits_for_the_payer_can_be_given_up(bank: Bank, key: str) -> None:
    card = await stored(bank, "wants_payer")
    await charge(bank, key, card)

    answers = [await bank.provider.abandon(key, card) for _ in range(2)]

    assert answers[0] == answers[1] == await bank.provider.find(key, card)
    assert answers[0] is not None
    assert (answers[0].status, answers[0].failure_code) == (Status.DECLINED, "authentication_abandoned")


async def test_what_went_through_meanwhile_cannot_be_given_up(bank: Bank, key: str) -> None:
    card = await stored(bank, "wants_payer")
    waiting = await charge(bank, key, card)
    await bank.confirm(waiting, accept=True)

    answer = await bank.provider.abandon(key, card)

    assert answer is not None
    assert answer.status == Status.SUCCEEDED


@pytest.mark.parametrize(
    ("behaviour", "status", "code"),
    [("debit", Status.SUCCEEDED, None), ("debit_returned", Status.DECLINED, "debit_declined")],
)
async def test_a_direct_debit_settles_days_later(
    bank: Bank, key: str, behaviour: str, status: Status, code: str | None
) -> None:
    account = await stored(bank, behaviour)
    pending = await charge(bank, key, account)
    assert pending.status == Status.PENDING
    assert await bank.provider.find(key, account) == pending
    assert await bank.provider.abandon(key, account) == pending
    assert await bank.collected(key) == []

    await bank.settle(pending)

    answer = await bank.provider.find(key, account)
    assert answer is not None
    assert (answer.status, answer.failure_code, answer.reference) == (status, code, pending.reference)


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("good", Status.SUCCEEDED), ("declined", Status.DECLINED), ("debit", Status.PENDING)],
)
async def test_an_imported_method_is_charged_as_it_is(bank: Bank, key: str, behaviour: str, status: Status) -> None:
    imported = bank.imported(behaviour)

    answers = [await charge(bank, key, imported) for _ in range(2)]

    assert {answer.status for answer in answers} == {status}


async def test_a_refund_gives_back_what_was_collected_and_no_more(bank: Bank, key: str) -> None:
    card = await stored(bank, "good")
    paid = await charge(bank, key, card)

    for _ in range(3):
        await bank.provider.refund(key=key, reference=paid.reference)

    assert await bank.given_back(key) == 1_000
    found = await bank.provider.find(key, card)
    assert found is not None
    assert found.status == Status.SUCCEEDED


async def test_what_was_not_collected_cannot_be_given_back(bank: Bank, key: str) -> None:
    answer = await charge(bank, key, await stored(bank, "declined"))

    with pytest.raises(RefundRefused):
        await bank.provider.refund(key=key, reference=answer.reference)

    assert await bank.given_back(key) == 0


async def test_a_method_is_told_by_what_its_owner_recognises(bank: Bank) -> None:
    card = await bank.provider.attach(token=bank.token("good"), customer=CUSTOMER, known_as=None, kind=None)
    account = await bank.provider.attach(token=bank.token("debit"), customer=CUSTOMER, known_as=None, kind=None)

    assert (card.instrument.kind, card.brand, card.instrument.last4) == ("card", "visa", "4242")
    assert card.exp_month is not None
    assert card.mandate_reference is None
    assert account.instrument.kind == "sepa_debit"
    assert account.mandate_reference
    assert account.mandate_signed_on is not None
    assert account.instrument.customer == card.instrument.customer


async def test_a_method_entered_in_the_providers_form_is_attached_by_the_token_of_its_setup(bank: Bank) -> None:
    setup = await bank.provider.start_setup(customer=CUSTOMER, known_as=None, kind="card", return_url=None)
    assert setup.client_secret
    bank.enter(setup.token)

    attached = await bank.provider.attach(token=setup.token, customer=CUSTOMER, known_as=None, kind="card")

    assert (attached.instrument.kind, attached.instrument.last4) == ("card", "4242")


async def test_a_method_entered_on_the_providers_page_is_attached_by_the_token_it_comes_back_with(bank: Bank) -> None:
    back = "http://localhost:8080/account/payment-methods?return_to=x"
    setup = await bank.provider.start_setup(customer=CUSTOMER, known_as=None, kind=None, return_url=back)
    assert (setup.url or "").startswith("http")
    assert setup.client_secret is None
    bank.enter(setup.token)

    attached = await bank.provider.attach(token=setup.token, customer=CUSTOMER, known_as=None, kind=None)

    assert (attached.instrument.kind, attached.instrument.last4) == ("card", "4242")


@pytest.mark.parametrize("token", ["hello", "pm_", "../customers", "4242 4242"])
async def test_what_is_no_token_is_refused(bank: Bank, token: str) -> None:
    with pytest.raises(TokenRefused):
        await bank.provider.attach(token=token, customer=CUSTOMER, known_as=None, kind=None)


async def test_a_token_of_another_kind_is_refused(bank: Bank) -> None:
    with pytest.raises(TokenRefused):
        await bank.provider.attach(token=bank.token("good"), customer=CUSTOMER, known_as=None, kind="sepa_debit")


@pytest.mark.parametrize("behaviour", sorted(BEHAVIOURS))
async def test_forgetting_a_method_twice_is_harmless(bank: Bank, behaviour: str) -> None:
    method = await stored(bank, behaviour)

    await bank.provider.detach(method)
    await bank.provider.detach(method)
