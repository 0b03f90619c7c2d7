"""The notifications service with a real mail server beside it, and events as its neighbours publish them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.kernel.clock import FrozenClock
from deploy.dev.mailbox.mail import Mail
from deploy.dev.mailbox.smtp import Behaviour, Manners, listening
from deploy.dev.mailbox.store import Mailbox
from notifications.main import service
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.notifications.identity import Identity, running_identity

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Post:
    """The mail server: what arrived, and how it behaves."""

    mailbox: Mailbox
    manners: Manners
    port: int

    def behave(self, **wanted: object) -> None:
        """Answer like this from now on; nothing: like a good server."""
        self.manners.set(Behaviour.model_validate(wanted))

    def mails(self, to: str | None = None) -> list[Mail]:
        """What arrived, newest first."""
        return self.mailbox.find(to=to)

    async def one(self, to: str) -> Mail:
        """The one mail that arrives for an address."""
        await eventually(lambda: self.mails(to))
        (mail,) = self.mails(to)
        return mail


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """A mail server on a free port."""
    mailbox, manners = Mailbox(tmp_path / "mailbox"), Manners()
    async with listening(mailbox, manners, port=0) as port:
        yield Post(mailbox, manners, port)


@pytest.fixture
async def identity() -> AsyncIterator[Identity]:
    """The service that makes one-time links."""
    async with running_identity() as running_one:
        yield running_one


@pytest.fixture
async def notifications(
    databases: Databases, nats_server: LocalNats, post: Post, identity: Identity
) -> AsyncIterator[RunningService]:
    """The service under test."""
    async with running(
        service,
        databases,
        nats_server,
        clock=FrozenClock(NOW),
        settings={"smtp_port": post.port, "delivery_lease_seconds": 2, "smtp_timeout_seconds": 1},
        platform={"identity_url": identity.url},
    ) as running_one:
        yield running_one


@pytest.fixture
def later(notifications: RunningService) -> object:
    """Move the business clock forward."""

    def move(**duration: float) -> None:
        notifications.clock.advance(timedelta(**duration))

    return move
