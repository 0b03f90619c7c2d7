"""Patience with those who guess: OWASP ASVS 5.0, 6.1.1, 6.3.1; five free tries, then 1, 2, 4 … seconds."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chassis.kernel.clock import FrozenClock, SystemClock
from identity.signin.rules import ACCOUNT, delay_after, network_of
from tests.harness.service import RunningService
from tests.identity.people import active, an_address
from tests.identity.provider import a_browser, sign_in

WRONG = "not the password at all"


@pytest.fixture
def real_time(identity: RunningService) -> Iterator[FrozenClock]:
    """The time of security, which stands still until the test moves it."""
    clock = FrozenClock(SystemClock().now())
    identity.runtime.edges.real_clock = clock
    yield clock
    identity.runtime.edges.real_clock = SystemClock()


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (11, 60), (1000, 60)])
def test_the_wait_doubles_up_to_a_minute(attempts: int, seconds: int) -> None:
    assert delay_after(attempts, ACCOUNT) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff::7", "2001:db8:1:200::/56"),
        (None, "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_neighbours_share_a_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


async def test_the_sixth_wrong_guess_must_wait(identity: RunningService, real_time: FrozenClock) -> None:
    """429 with Retry-After on the page; a right password after the wait opens at once."""
    account = await active(identity)
    browser = identity.anonymous()
    guesses = [(await sign_in(browser, account["email"], WRONG)).status_code for _ in range(5)]

    blocked = await sign_in(browser, account["email"])
    real_time.advance(timedelta(seconds=1))
    opened = await sign_in(browser, account["email"])

    assert guesses == [422] * 5
    assert blocked.status_code == 429
    assert blocked.headers["retry-after"] == "1"
    assert 'name="password"' in blocked.text
    assert opened.status_code == 303


async def test_the_waits_grow_while_the_guessing_goes_on(identity: RunningService, real_time: FrozenClock) -> None:
    account = await active(identity)
    browser = identity.anonymous()
    for _ in range(5):
        await sign_in(browser, account["email"], WRONG)
    waits = []
    for _ in range(4):
        wait = int((await sign_in(browser, account["email"], WRONG)).headers["retry-after"])
        waits.append(wait)
        real_time.advance(timedelta(seconds=wait))
        await sign_in(browser, account["email"], WRONG)

    assert waits == [1, 2, 4, 8]


async def test_unknown_addresses_are_treated_alike(identity: RunningService, real_time: FrozenClock) -> None:
    """Nobody learns from it who has an account."""
    known, unknown = (await active(identity))["email"], an_address("nobody")
    pages = []
    for email in (known, unknown):
        browser = identity.anonymous()
        answers = [await sign_in(browser, email, WRONG) for _ in range(6)]
        pages.append([(answer.status_code, answer.text.replace(email, "…")) for answer in answers])

    assert pages[0] == pages[1]


async def test_a_browser_that_signed_in_before_is_exempt(identity: RunningService, real_time: FrozenClock) -> None:
    """Somebody else's guessing does not lock the owner out."""
    account = await active(identity)
    own = await a_browser(identity, account)
    stranger = identity.anonymous()
    for _ in range(8):
        await sign_in(stranger, account["email"], WRONG)

    assert (await sign_in(stranger, account["email"])).status_code == 429
    assert (await sign_in(own, account["email"])).status_code == 303


async def test_the_mark_of_a_known_browser_cannot_be_made_up(identity: RunningService, real_time: FrozenClock) -> None:
    account = await active(identity)
    stranger = identity.anonymous()
    stranger.cookies.set("known", account["email"] + "~" + "x" * 43)
    for _ in range(5):
        await sign_in(stranger, account["email"], WRONG)

    assert (await sign_in(stranger, account["email"])).status_code == 429


async def test_guesses_at_the_same_time_do_not_slip_through(identity: RunningService) -> None:
    """Every try is counted before it is judged."""
    account = await active(identity)
    browsers = [identity.anonymous() for _ in range(16)]

    answers = await asyncio.gather(*[sign_in(browser, account["email"], WRONG) for browser in browsers])

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(422) == 5
    assert statuses.count(429) == 11


async def test_a_right_password_starts_the_count_anew(identity: RunningService, real_time: FrozenClock) -> None:
    account = await active(identity)
    for _ in range(3):
        for _ in range(4):
            assert (await sign_in(identity.anonymous(), account["email"], WRONG)).status_code == 422
        assert (await sign_in(identity.anonymous(), account["email"])).status_code == 303


async def test_spraying_many_accounts_from_one_network_must_wait_too(
    identity: RunningService, real_time: FrozenClock
) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}
    async with identity.anonymous(headers=headers) as sprayer:
        answers = [await sign_in(sprayer, an_address("sprayed"), WRONG) for _ in range(101)]

    assert [answer.status_code for answer in answers[:100]] == [422] * 100
    assert answers[100].status_code == 429


async def test_a_team_that_shares_an_account_comes_in_at_the_same_moment(identity: RunningService) -> None:
    """Only wrong guesses count."""
    account = await active(identity)
    browsers = [identity.anonymous() for _ in range(10)]

    answers = await asyncio.gather(*[sign_in(browser, account["email"]) for browser in browsers])

    assert {answer.status_code for answer in answers} == {303}
