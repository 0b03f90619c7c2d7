"""Mails that are called off before they leave."""

import pytest

from notifications.messages.withdraw import withdraw
from tests.harness.service import RunningService
from tests.notifications.conftest import Post
from tests.notifications.messages.test_deliver import ask_for, becomes, order

TEMPLATE = "account-password-changed"
DELAY = 0.5


async def call_off(notifications: RunningService) -> None:
    async with notifications.runtime.database.transaction() as tx:
        assert await withdraw(tx, correlation="it", templates=(TEMPLATE,)) == 1


async def test_a_mail_that_waits_for_another_try_is_not_tried_again(notifications: RunningService, post: Post) -> None:
    post.behave(reply="451")
    await ask_for(notifications, order(correlation="it"))
    await becomes(notifications, "queued", reason="refused_for_now")

    await call_off(notifications)

    assert (await becomes(notifications, "suppressed"))["reason"] == "superseded"


@pytest.mark.parametrize(
    ("is_dropped", "status", "reason"), [(True, "suppressed", "superseded"), (False, "sent", None)]
)
async def test_a_mail_that_is_handed_over_meanwhile_leaves_now_or_never(
    notifications: RunningService, post: Post, is_dropped: bool, status: str, reason: str | None
) -> None:
    post.behave(drop_after_data=is_dropped, delay_seconds=DELAY)
    await ask_for(notifications, order(correlation="it"))
    await becomes(notifications, "sending")

    await call_off(notifications)

    assert (await becomes(notifications, status))["reason"] == reason
    assert len(post.mails()) == 1
