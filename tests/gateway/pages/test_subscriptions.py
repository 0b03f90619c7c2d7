"""A subscription's page: what it says of an unpaid one, and of a cancellation."""

import pytest

from tests.gateway.pages.conftest import Portal


@pytest.mark.parametrize(("status", "said"), [("active", "to the end of its term"), ("ended", "has ended")])
async def test_a_cancellation_says_when_it_takes_effect(portal: Portal, status: str, said: str) -> None:
    portal.services.posts["/subscriptions/sub_1/cancel"] = {"id": "sub_1", "status": status}

    moved = await portal.browser.post("/account/subscriptions/sub_1/cancel")

    assert said in (await portal.browser.get(moved.headers["location"])).text


async def test_an_unpaid_subscription_says_how_long_it_lasts_and_that_cancelling_ends_it_at_once(
    portal: Portal,
) -> None:
    page = (await portal.browser.get("/account/subscriptions/sub_4")).text

    assert "Access lasts until 16 Dec 2026." in page
    assert "the subscription ends on 30 Dec 2026." in page
    assert "Cancel at once" in page
