"""One-time links are fetched for all mails of a round together, when they leave, and stay in no record."""

from datetime import timedelta

from sqlalchemy import text

from chassis.kernel.clock import FrozenClock
from notifications.main import service
from notifications.messages.queue import Link, Order, Recipient
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats, free_port
from tests.harness.service import RunningService, running
from tests.notifications.conftest import NOW, Post
from tests.notifications.identity import Identity
from tests.notifications.messages.test_deliver import ask_for, becomes

MANY = 40


def activation(number: int = 1, **more: object) -> Order:
    """A mail with a link."""
    recipient = Recipient(email=f"person-{number}@customer.example", name=None, locale="en")
    link = Link("activation", required=True)
    wanted = {"template": "account-activation", "data": {"reason": "member"}, "link": link} | more
    return Order(occasion=str(number), recipient=recipient, **wanted)  # type: ignore[arg-type]


def link_in(body: str) -> str:
    """The secret part of the link in a mail."""
    return body.partition("/activate/")[2].split()[0]


async def test_the_links_of_many_mails_are_one_call_and_each_mail_has_its_own(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    await ask_for(notifications, *(activation(number) for number in range(MANY)))

    await eventually(lambda: len(post.mails()) == MANY, within=20)
    await notifications.work()
    assert identity.calls == [MANY]
    secret_of = {wanted["email"]: f"secret-{position}" for position, wanted in enumerate(identity.asked, start=1)}
    assert {mail.to[0]: link_in(mail.text) for mail in post.mails()} == secret_of
    async with notifications.runtime.database.read() as reader:
        stored = await reader.all(text("SELECT row_to_json(messages)::text AS row FROM messages"))
        tried = await reader.all(text("SELECT row_to_json(message_attempts)::text AS row FROM message_attempts"))
    assert len(stored) == len(tried) == MANY
    assert not [row for row in (*stored, *tried) if "secret-" in row.row]
    assert "secret-" not in str(await notifications.envelopes())


async def test_an_address_that_identity_stumbles_over_keeps_no_other_mail_waiting(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    identity.stumbles_over.add("person-1@customer.example")

    await ask_for(notifications, *(activation(number) for number in range(10)))

    await eventually(lambda: len(post.mails()) == 9)
    await becomes(notifications, "queued", reason="identity_unavailable")
    assert not post.mails("person-1@customer.example")


async def test_a_link_that_nobody_waits_for_any_more_is_not_mailed(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    identity.unwanted.add("person-1@customer.example")
    confirmation = activation(template="account-email-confirmation", link=Link("email", required=True))

    await ask_for(notifications, confirmation)

    await becomes(notifications, "suppressed", reason="nothing_to_do")
    assert post.mails() == []


async def test_while_the_mail_server_is_away_few_links_are_made(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    settings, mail = notifications.runtime.settings, notifications.runtime.edges.mail
    real_port, settings.smtp_port = settings.smtp_port, free_port()
    mail.traffic.rest()

    await ask_for(notifications, *(activation(number) for number in range(MANY)))
    await eventually(lambda: identity.calls, within=5)

    assert set(identity.calls) == {settings.smtp_sessions}
    settings.smtp_port = real_port
    await eventually(lambda: _have_arrived_later(notifications, post), within=30)


def _have_arrived_later(notifications: RunningService, post: Post) -> bool:
    """Whether all mails are there; time goes on between two looks, for those that are tried again."""
    notifications.clock.advance(timedelta(seconds=10))
    return len(post.mails()) == MANY


async def test_a_slow_pace_makes_no_more_links_than_can_leave_soon(
    databases: Databases, nats_server: LocalNats, post: Post, identity: Identity
) -> None:
    settings = {"smtp_port": post.port, "mails_per_second": 0.4}
    platform = {"identity_url": identity.url}
    clock = FrozenClock(NOW)
    async with running(
        service, databases, nats_server, clock=clock, settings=settings, platform=platform
    ) as notifications:
        await ask_for(notifications, *(activation(number) for number in range(MANY)))
        await eventually(lambda: len(post.mails()) >= 2, within=10)

    assert identity.calls == [4]
