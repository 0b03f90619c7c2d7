"""The support contact."""

from tests.harness.service import RunningService


async def test_anybody_may_ask_how_to_reach_support(shop: RunningService) -> None:
    answer = await shop.anonymous().get("/api/v1/support-contact")

    assert answer.status_code == 200
    assert set(answer.json()) == {"brand", "email", "phone", "website"}
    assert "@" in answer.json()["email"]
