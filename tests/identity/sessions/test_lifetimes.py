"""Sessions run out: OWASP ASVS 5.0, 7.3."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chassis.kernel.clock import FrozenClock, SystemClock
from identity.sessions.rules import is_live, kind_of
from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, ask, tokens_for


@pytest.fixture
def real_time(identity: RunningService) -> Iterator[FrozenClock]:
    """The time of security, which stands still until the test moves it."""
    clock = FrozenClock(SystemClock().now())
    identity.runtime.edges.real_clock = clock
    yield clock
    identity.runtime.edges.real_clock = SystemClock()


@pytest.mark.parametrize(
    ("kind", "unused_hours", "left_hours", "live"),
    [
        ("usual", 1.9, 1, True),
        ("usual", 2, 1, False),
        ("usual", 0, 0, False),
        ("remembered", 24 * 6.9, 1, True),
        ("remembered", 24 * 7, 1, False),
        ("operator", 0.4, 1, True),
        ("operator", 0.5, 1, False),
    ],
)
def test_unused_or_too_old_it_counts_no_more(kind: str, unused_hours: float, left_hours: float, live: bool) -> None:
    now = SystemClock().now()
    seen, expires = now - timedelta(hours=unused_hours), now + timedelta(hours=left_hours)
    assert is_live(kind, last_seen_at=seen, expires_at=expires, now=now) is live


def test_staff_are_never_remembered() -> None:
    assert kind_of(is_operator=True, is_remembered=True) == "operator"
    assert kind_of(is_operator=False, is_remembered=True) == "remembered"
    assert kind_of(is_operator=False, is_remembered=False) == "usual"


async def test_use_keeps_a_session_alive_until_its_end(identity: RunningService, real_time: FrozenClock) -> None:
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    for _ in range(7):
        real_time.advance(timedelta(minutes=100))
        assert "code" in await ask(browser, app.question(prompt="none"))

    real_time.advance(timedelta(minutes=100))

    assert (await ask(browser, app.question(prompt="none")))["error"] == "login_required"


async def test_a_client_s_refreshing_is_use(identity: RunningService, real_time: FrozenClock) -> None:
    """The gateway's sessions keep the provider's alive."""
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    tokens = await tokens_for(app, browser)
    for _ in range(2):
        real_time.advance(timedelta(minutes=100))
        tokens = (await app.refresh(tokens["refresh_token"])).json()

    assert "code" in await ask(browser, app.question(prompt="none"))


async def test_services_learn_that_a_session_ran_out(identity: RunningService, real_time: FrozenClock) -> None:
    account = await active(identity)
    app = await an_app(identity)
    tokens = await tokens_for(app, await a_browser(identity, account))
    real_time.advance(timedelta(hours=3))

    await identity.work()

    ended = await identity.published("identity.session.ended.v1")
    assert [event["reason"] for event in ended if event["account_id"] == account["id"]][-1] == "expired"
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
