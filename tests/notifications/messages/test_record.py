"""The mail server's answers are written down before the next mail is taken."""

from collections import Counter

import pytest
from sqlalchemy import text

from chassis.kernel.clock import FrozenClock
from notifications.main import service
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import running
from tests.notifications.conftest import NOW, Post
from tests.notifications.messages.test_deliver import ask_for, order

MANY, SESSIONS = 50, 4


async def test_a_slow_database_puts_no_more_mails_in_doubt_than_there_are_connections(
    databases: Databases, nats_server: LocalNats, post: Post
) -> None:
    """What has left and is not recorded goes again after a crash: so there must never be more of it than on the wire."""
    settings = {"smtp_port": post.port, "smtp_sessions": SESSIONS, "delivery_lease_seconds": 120}
    async with running(service, databases, nats_server, clock=FrozenClock(NOW), settings=settings) as notifications:
        async with notifications.runtime.database.transaction() as tx:
            await tx.execute(text("LOCK TABLE message_attempts IN ACCESS EXCLUSIVE MODE"))
            await ask_for(notifications, *(order(number) for number in range(MANY)))
            await eventually(lambda: len(post.mails()) == SESSIONS, within=30)
            with pytest.raises(AssertionError):
                await eventually(lambda: len(post.mails()) > SESSIONS, within=1.5)

        await eventually(lambda: len(post.mails()) == MANY, within=30)

    assert set(Counter(mail.to[0] for mail in post.mails()).values()) == {1}
