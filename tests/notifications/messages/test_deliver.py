"""A mail leaves once, whatever the mail server does."""

from collections import Counter

from notifications.messages.queue import Order, Recipient, queue
from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.notifications.conftest import Post

MANY = 120
PAYMENT = {
    "organization_name": "Garage",
    "subscription_number": "S-1",
    "amount": {"amount": 100, "currency": "EUR"},
    "next_retry_on": None,
    "grace_until": None,
}


def order(number: int = 1, *, template: str = "account-password-changed", **more: object) -> Order:
    """A mail that needs no link."""
    data = {"changed_at": "2026-11-25T09:00:00Z", "time_zone": "UTC"} | PAYMENT
    recipient = Recipient(email=f"person-{number}@customer.example", name=None, locale="en")
    return Order(template=template, occasion=str(number), recipient=recipient, data=data, **more)  # type: ignore[arg-type]


async def ask_for(notifications: RunningService, *orders: Order) -> None:
    async with notifications.runtime.database.transaction() as tx:
        for wanted in orders:
            await queue(tx, wanted)


async def state_of(notifications: RunningService, number: int = 1) -> dict:  # type: ignore[type-arg]
    async with notifications.operator() as operator:
        answer = await operator.get("/api/v1/messages", params={"to": f"person-{number}@customer.example"})
        (item,) = answer.json()["items"]
        return (await operator.get(f"/api/v1/messages/{item['id']}")).json()


async def becomes(notifications: RunningService, status: str, *, reason: str | None = None) -> dict:  # type: ignore[type-arg]
    async def is_so() -> dict | None:  # type: ignore[type-arg]
        state = await state_of(notifications)
        return state if state["status"] == status and reason in (None, state["reason"]) else None

    return await eventually(is_so)


async def test_a_mail_server_that_refuses_for_a_while_gets_every_mail_once(
    notifications: RunningService, post: Post, later: object
) -> None:
    post.behave(reply="451")
    await ask_for(notifications, *(order(number) for number in range(MANY)))

    async def all_were_refused() -> bool:
        async with notifications.operator() as operator:
            answer = await operator.get("/api/v1/messages", params={"status": "queued", "limit": 200})
        items = answer.json()["items"]
        return len(items) == MANY and all(item["reason"] == "refused_for_now" for item in items)

    await eventually(all_were_refused, within=30)
    post.behave()
    later(minutes=1)  # type: ignore[operator]

    await eventually(lambda: len(post.mails()) >= MANY, within=30)
    await notifications.work()
    recipients = Counter(mail.to[0] for mail in post.mails())
    assert set(recipients.values()) == {1}
    assert len(recipients) == MANY
    await eventually(lambda: _count(notifications, "notifications.message.sent.v1", MANY))


async def test_a_server_that_is_not_there_delays_a_mail_and_loses_none(
    notifications: RunningService, post: Post, later: object
) -> None:
    post.behave(reply="421 4.3.2 closing")
    await ask_for(notifications, order())
    await becomes(notifications, "queued", reason="refused_for_now")

    post.behave()
    later(minutes=1)  # type: ignore[operator]

    await eventually(lambda: len(post.mails()) == 1, within=20)


async def test_a_hard_bounce_is_told_and_stops_further_mails_to_the_address(
    notifications: RunningService, post: Post
) -> None:
    post.behave(reply="550", for_addresses=["person-1@customer.example"])
    await ask_for(notifications, order(1, correlation="transfer:trf_1"), order(2))

    bounced = await becomes(notifications, "bounced", reason="recipient_refused")
    await eventually(lambda: len(post.mails()) == 1)
    assert bounced["attempt_log"][0]["smtp_code"] == 550
    (told,) = await notifications.published("notifications.message.bounced.v1")
    assert told["correlation"] == "transfer:trf_1"
    assert "person-1" not in str(told)

    post.behave()
    again = order(1, template="account-recovery")
    await ask_for(notifications, again)
    await eventually(lambda: _count(notifications, "notifications.message.failed.v1", 1))
    assert len(post.mails()) == 1


async def test_a_connection_lost_after_data_sends_the_mail_again_under_the_same_message_id(
    notifications: RunningService, post: Post, later: object
) -> None:
    post.behave(drop_after_data=True)
    await ask_for(notifications, order())
    await becomes(notifications, "queued", reason="outcome_unknown")

    post.behave()
    later(minutes=1)  # type: ignore[operator]

    await becomes(notifications, "sent")
    assert len(post.mails()) == 2
    assert len({mail.headers["Message-ID"] for mail in post.mails()}) == 1


async def test_a_mail_that_asks_for_money_waits_for_an_operator_when_its_outcome_is_unknown(
    notifications: RunningService, post: Post, later: object
) -> None:
    post.behave(drop_after_data=True)
    await ask_for(notifications, order(template="payment-failed"))

    held = await becomes(notifications, "unknown", reason="outcome_unknown")
    post.behave()
    later(days=1)  # type: ignore[operator]
    await notifications.work()
    assert len(post.mails()) == 1

    async with notifications.operator() as operator:
        answer = await operator.post(f"/api/v1/messages/{held['id']}/resend")
    assert answer.status_code == 202
    await becomes(notifications, "sent")
    assert len({mail.headers["Message-ID"] for mail in post.mails()}) == 1


async def test_a_mail_that_cannot_be_rendered_is_held_and_not_lost(notifications: RunningService, post: Post) -> None:
    broken = Order(
        template="account-password-changed",
        occasion="1",
        recipient=Recipient("person-1@customer.example", None, "fr"),
        data={},
    )

    await ask_for(notifications, broken)

    held = await becomes(notifications, "held", reason="not_renderable")
    assert held["attempt_log"][0]["detail"].startswith("account-password-changed in fr")
    assert post.mails() == []


async def test_a_mail_is_given_up_after_its_lifetime(notifications: RunningService, post: Post, later: object) -> None:
    post.behave(reply="451")
    await ask_for(notifications, order())
    await becomes(notifications, "queued", reason="refused_for_now")

    later(hours=73)  # type: ignore[operator]

    await becomes(notifications, "failed", reason="refused_for_now")
    await eventually(lambda: _count(notifications, "notifications.message.failed.v1", 1))


async def test_an_optional_mail_that_was_switched_off_is_not_sent(notifications: RunningService, post: Post) -> None:
    async with notifications.client(email="person-1@customer.example") as person:
        await person.put("/api/v1/me/notification-preferences", json={"categories": {"service": False}})
    seats = order(template="seats-low")
    seats.data.update({"product_name": "Manual", "quantity": 3})

    await ask_for(notifications, seats)

    await becomes(notifications, "suppressed", reason="not_wanted")


async def test_two_transactions_that_ask_for_the_same_mail_at_once_queue_it_once(
    notifications: RunningService, post: Post
) -> None:
    async with notifications.runtime.database.transaction() as tx:
        first = await queue(tx, order())
    async with notifications.runtime.database.transaction() as tx:
        second = await queue(tx, order())

    assert first is not None
    assert second is None
    await eventually(lambda: len(post.mails()) == 1)


async def _count(notifications: RunningService, event_type: str, wanted: int) -> bool:
    return len(await notifications.published(event_type)) == wanted
