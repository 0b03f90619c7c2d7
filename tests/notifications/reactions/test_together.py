"""Events that arrive together do what they would have done one after the other."""

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from chassis.bus.reactions import Reactions, in_runs
from chassis.facts import Envelope
from notifications.main import service
from tests.harness.batches import Said, deliver_together
from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.harness.statements import statements_of
from tests.notifications import events
from tests.notifications.conftest import Post

ANNOUNCED = "shop.transfer.announced.v1"
DAYS = ("2026-11-25", "2026-12-09", "2026-12-16")
TRANSFERS = 5
TOLD = text(
    "SELECT dedupe_key, template, status, reason, data, link, expires_at FROM messages WHERE correlation LIKE :world "
    "ORDER BY dedupe_key"
)


def reactions_to(publisher: str) -> Reactions:
    """What the service does when `publisher` speaks."""
    return next(reactions for reactions in service.reactions if reactions.publisher == publisher)


async def hear(notifications: RunningService, envelopes: Iterable[Envelope]) -> None:
    """Hand the events over in one transaction, as the consumer does."""
    async with notifications.runtime.database.transaction() as tx:
        by_type = reactions_to("shop").by_type | reactions_to("identity").by_type | reactions_to("licensing").by_type
        for run in in_runs(by_type[envelope.type].read(envelope) for envelope in envelopes):
            for event_type, heard in run.items():
                await by_type[event_type].handle(tx, heard)


async def told(notifications: RunningService, world: str) -> list[tuple[Any, ...]]:
    """The mails of one world, without its name."""
    async with notifications.runtime.database.read() as reader:
        rows = await reader.all(TOLD, {"world": f"transfer:{world}%"})
    return [(row.dedupe_key.replace(f"{world}-", ""), *row[1:]) for row in rows]


async def all_leave(notifications: RunningService) -> None:
    """What waits is on its way."""
    async with notifications.runtime.database.transaction() as tx:
        await tx.execute(text("UPDATE messages SET status = 'sent', sent_at = now() WHERE status = 'queued'"))


def a_story(seed: int, world: str, length: int = 70) -> list[Envelope]:
    """Events of several transfers, some late, some twice."""
    dice = random.Random(seed)
    sequences: dict[str, int] = {}
    story = []
    for _ in range(length):
        transfer_id = f"{world}-{dice.randrange(TRANSFERS)}"
        sequences[transfer_id] = sequences.get(transfer_id, 0) + 1
        more = {"transfer_on": dice.choice(DAYS), "revision": dice.randint(1, 4)}
        event_type, make = dice.choice(sorted(MADE.items()))
        data = make(transfer_id, step=dice.randint(1, 2), **more)
        sequence = max(1, sequences[transfer_id] - dice.choice((0, 0, 0, 0, 1, 2)))
        story.append(events.envelope(event_type, data, subject=transfer_id, sequence=sequence))
    return story


def in_handfuls(envelopes: list[Envelope], dice: random.Random) -> Iterator[list[Envelope]]:
    while envelopes:
        size = dice.randint(1, 30)
        yield envelopes[:size]
        envelopes = envelopes[size:]


MADE: dict[str, Callable[..., dict[str, Any]]] = {
    ANNOUNCED: events.announced,
    "shop.transfer.reminder_due.v1": events.reminder_due,
    "shop.transfer.transferred.v1": events.transferred,
    "shop.transfer.activation_reminder_due.v1": events.transfer,
    "shop.transfer.postponed.v1": events.transfer,
    "shop.transfer.failed.v1": events.transfer,
    "shop.transfer.rolled_back.v1": events.transfer,
}


@pytest.mark.parametrize("seed", range(12))
async def test_a_wave_that_is_heard_together_tells_what_it_would_tell_one_by_one(
    notifications: RunningService, seed: int
) -> None:
    notifications.runtime.edges.mail.traffic.is_stopping = True
    alone, together = a_story(seed, "alone"), a_story(seed, "together")

    for half in (slice(0, 35), slice(35, 70)):
        for envelope in alone[half]:
            await hear(notifications, [envelope])
        for handful in in_handfuls(together[half], random.Random(seed)):
            await hear(notifications, handful)
        await all_leave(notifications)

    assert len(await told(notifications, "alone")) > TRANSFERS
    assert await told(notifications, "together") == await told(notifications, "alone")


async def test_two_dates_that_arrive_together_are_one_announcement_of_the_later_told(
    notifications: RunningService, post: Post
) -> None:
    newer = events.announced(transfer_on="2026-12-16", revision=2)
    both = [
        events.envelope(ANNOUNCED, events.announced(), subject="trf_1", sequence=1),
        events.envelope(ANNOUNCED, newer, subject="trf_1", sequence=2),
        events.envelope(ANNOUNCED, events.announced(), subject="trf_1", sequence=1),
    ]

    await hear(notifications, both)

    mail = await post.one(events.BUYER["email"])
    await notifications.work()
    assert "16 décembre 2026" in mail.text
    assert len(post.mails()) == 1


async def test_invitations_that_arrive_together_are_mailed_where_no_other_mail_carries_them(
    notifications: RunningService, post: Post
) -> None:
    reasons = ("transfer", "member", "assignment", "operator", "transfer")
    invited = [
        events.envelope(
            "identity.account.invited.v1",
            events.account(account_id=f"acc_{number}", email=f"person-{number}@customer.example", reason=reason),
            subject=f"acc_{number}",
        )
        for number, reason in enumerate(reasons)
    ]
    assigned = [
        events.envelope(
            "licensing.assignment.created.v1",
            events.assignment(f"asg_{number}", notify=number % 2 == 0, automatic=number == 4),
            subject=f"asg_{number}",
        )
        for number in range(6)
    ]

    await hear(notifications, [*invited, *assigned, *assigned])
    await notifications.work()

    assert sorted(mail.to[0] for mail in post.mails()) == [
        "luc@garage-martin.example",
        "luc@garage-martin.example",
        "person-1@customer.example",
        "person-3@customer.example",
    ]


async def test_many_customers_ask_for_their_mails_in_as_many_statements_as_few(notifications: RunningService) -> None:
    notifications.runtime.edges.mail.traffic.is_stopping = True
    asked: dict[int, int] = {}

    for count in (5, 80):
        wave = [
            Said(event_type, f"{count}-{n}", make(f"{count}-{n}", step=1))
            for event_type, make in MADE.items()
            for n in range(count)
        ]
        with statements_of(notifications) as statements:
            answers = await deliver_together(notifications, wave)
        assert set(answers) == {"handled"}
        asked[count] = len(statements)

    assert asked[80] == asked[5]


async def test_an_event_that_nobody_can_mail_keeps_no_other_customer_waiting(
    notifications: RunningService, post: Post
) -> None:
    def welcomed(number: int, email: str) -> Said:
        buyer = events.BUYER | {"email": email}
        return Said("shop.transfer.transferred.v1", f"trf_{number}", events.transferred(f"trf_{number}", buyer=buyer))

    wave = [welcomed(number, f"person-{number}@customer.example") for number in range(9)]

    answers = await deliver_together(notifications, [*wave[:4], welcomed(9, "no address"), *wave[4:]])

    assert answers == ["handled"] * 4 + ["retried"] + ["handled"] * 5
    await eventually(lambda: len(post.mails()) == 9)
    await notifications.work()
    assert sorted(mail.to[0] for mail in post.mails()) == [f"person-{number}@customer.example" for number in range(9)]
