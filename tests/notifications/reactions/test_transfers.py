"""The mails of a transfer, as the FAQ promises them."""

import asyncio
from datetime import timedelta

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.notifications import events
from tests.notifications.conftest import Post
from tests.notifications.identity import Identity

BUYER = events.BUYER["email"]


async def test_the_announcement_carries_the_promised_subject_and_the_exact_date(
    notifications: RunningService, post: Post
) -> None:
    await notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1")

    mail = await post.one(BUYER)
    assert mail.subject == "Transfert de votre compte vers la nouvelle boutique en ligne Portico"
    assert "mercredi 9 décembre 2026" in mail.text
    assert "mercredi 9 décembre 2026" in mail.html
    assert "Bonjour Claire Martin" in mail.text
    assert "support@portico.example" in mail.text
    assert "+49 (0) 221 5550 1200" in mail.text


async def test_who_moves_on_the_day_of_the_announcement_is_promised_no_reminder_the_day_before(
    notifications: RunningService, post: Post
) -> None:
    """Who is told another day after all is promised the reminder again."""
    today, tomorrow = (notifications.clock.now().date() + timedelta(days=days) for days in (0, 1))
    moving_today = events.announced(transfer_on=today.isoformat())
    await notifications.deliver("shop.transfer.announced.v1", moving_today, subject="trf_1")
    mail = await post.one(BUYER)
    assert "La veille" not in mail.text
    assert "  1. Le transfert a lieu aujourd'hui." in mail.text

    moved_on = events.announced(transfer_on=tomorrow.isoformat(), revision=2)
    await notifications.deliver("shop.transfer.announced.v1", moved_on, subject="trf_1")
    await eventually(lambda: len(post.mails(BUYER)) == 2)
    assert "  1. La veille" in post.mails(BUYER)[0].text


async def test_the_same_announcement_delivered_many_times_at_once_is_one_mail(
    notifications: RunningService, post: Post
) -> None:
    deliveries = [
        notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1", sequence=1)
        for _ in range(12)
    ]
    await asyncio.gather(*deliveries)

    await post.one(BUYER)
    await notifications.work()
    assert len(post.mails()) == 1


async def test_a_changed_date_is_told_as_a_change(notifications: RunningService, post: Post) -> None:
    await notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1")
    await post.one(BUYER)

    changed = events.announced(transfer_on="2026-12-16", previous_transfer_on="2026-12-09", revision=2)
    await notifications.deliver("shop.transfer.announced.v1", changed, subject="trf_1")

    await eventually(lambda: len(post.mails(BUYER)) == 2)
    newest = post.mails(BUYER)[0]
    assert newest.subject.startswith("Nouvelle date")
    assert "16 décembre 2026" in newest.text
    assert "9 décembre 2026" in newest.text


async def test_an_announcement_that_arrives_after_its_successor_is_not_sent(
    notifications: RunningService, post: Post
) -> None:
    newer = events.announced(transfer_on="2026-12-16", previous_transfer_on="2026-12-09", revision=2)
    await notifications.deliver("shop.transfer.announced.v1", newer, subject="trf_1", sequence=2)
    await notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1", sequence=1)

    mail = await post.one(BUYER)
    await notifications.work()
    assert mail.subject == "Transfert de votre compte vers la nouvelle boutique en ligne Portico"
    assert "16 décembre 2026" in mail.text
    assert len(post.mails()) == 1


async def test_the_reminder_says_what_to_do_on_the_day(notifications: RunningService, post: Post) -> None:
    await notifications.deliver("shop.transfer.reminder_due.v1", events.reminder_due(), subject="trf_1")

    mail = await post.one(BUYER)
    assert mail.subject == "Rappel : votre compte passe demain à la nouvelle boutique en ligne Portico"
    for words in ("Activer votre compte", "Créer mon compte", "Manuel de réparation", "Nouvel utilisateur"):
        assert words in mail.text


async def test_a_reminder_that_did_not_leave_before_the_day_never_leaves(
    notifications: RunningService, post: Post, later: object
) -> None:
    post.behave(reply="451")
    notifications.clock.advance(events_day_before(notifications))
    await notifications.deliver("shop.transfer.reminder_due.v1", events.reminder_due(), subject="trf_1")
    await eventually(lambda: _status(notifications, "transfer-reminder", "queued", attempts=1))

    post.behave()
    later(hours=15)  # type: ignore[operator]

    await eventually(lambda: _status(notifications, "transfer-reminder", "failed", reason="expired"))
    assert post.mails() == []


async def test_the_welcome_brings_the_activation_link_and_keeps_it_out_of_the_database(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    await notifications.deliver("shop.transfer.transferred.v1", events.transferred(), subject="trf_1")

    mail = await post.one(BUYER)
    assert mail.subject == "Bienvenue chez Portico"
    assert "Activer votre compte" in mail.html
    assert "http://localhost:8080/activate/secret-1" in mail.text
    assert 'href="http://localhost:8080/activate/secret-1"' in mail.html
    assert "S-48213" in mail.text
    assert "3 licences attendent vos collègues" in mail.text
    assert "420 unités restantes" in mail.text
    assert identity.asked[0]["organization_id"] == "org_1"
    stored = await _message(notifications, "transfer-welcome")
    assert "secret-1" not in str(stored)
    assert "Activer votre compte" in stored["html"]


async def test_a_move_announced_and_done_on_one_day_sends_both_mails(
    notifications: RunningService, post: Post, later: object
) -> None:
    today = str(notifications.clock.now().date())
    post.behave(reply="451")
    await notifications.deliver("shop.transfer.announced.v1", events.announced(transfer_on=today), subject="trf_1")
    await notifications.deliver("shop.transfer.transferred.v1", events.transferred(transfer_on=today), subject="trf_1")

    await eventually(lambda: _status(notifications, "transfer-welcome", "queued", attempts=1))

    post.behave()
    later(minutes=30)  # type: ignore[operator]

    await eventually(lambda: len(post.mails(BUYER)) == 2)
    subjects = {mail.subject for mail in post.mails(BUYER)}
    assert subjects == {
        "Bienvenue chez Portico",
        "Transfert de votre compte vers la nouvelle boutique en ligne Portico",
    }


async def test_an_announcement_that_did_not_leave_before_the_day_is_called_off(
    notifications: RunningService, post: Post
) -> None:
    post.behave(reply="451")
    await notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1")
    await notifications.deliver("shop.transfer.transferred.v1", events.transferred(), subject="trf_1")

    await eventually(lambda: _status(notifications, "transfer-announcement", "suppressed", reason="superseded"))


async def test_a_buyer_who_is_active_already_is_welcomed_to_the_portal(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    identity.active.add(BUYER)

    await notifications.deliver("shop.transfer.transferred.v1", events.transferred(), subject="trf_1")

    mail = await post.one(BUYER)
    assert "Votre compte est déjà actif" in mail.text
    assert "/activate/" not in mail.html


async def test_while_identity_is_away_the_welcome_waits_and_then_leaves_once(
    notifications: RunningService, post: Post, identity: Identity, later: object
) -> None:
    identity.is_down = True
    await notifications.deliver("shop.transfer.transferred.v1", events.transferred(), subject="trf_1")
    await eventually(lambda: _status(notifications, "transfer-welcome", "queued", reason="identity_unavailable"))

    identity.is_down = False
    later(minutes=2)  # type: ignore[operator]

    await post.one(BUYER)


async def test_the_activation_reminder_is_not_sent_to_an_active_account(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    identity.active.add(BUYER)
    due = events.transfer(step=1)

    await notifications.deliver("shop.transfer.activation_reminder_due.v1", due, subject="trf_1")

    await eventually(
        lambda: _status(notifications, "transfer-activation-reminder", "suppressed", reason="nothing_to_do")
    )
    assert post.mails() == []


async def test_a_customer_put_back_and_moved_again_is_welcomed_again(notifications: RunningService, post: Post) -> None:
    await notifications.deliver("shop.transfer.transferred.v1", events.transferred(), subject="trf_1")
    await eventually(lambda: len(post.mails(BUYER)) == 1)
    await notifications.deliver("shop.transfer.rolled_back.v1", events.transfer(), subject="trf_1")
    await eventually(lambda: len(post.mails(BUYER)) == 2)

    again = events.transferred(revision=2, transfer_on="2026-12-16")
    await notifications.deliver("shop.transfer.transferred.v1", again, subject="trf_1")

    await eventually(lambda: len(post.mails(BUYER)) == 3)
    subjects = [mail.subject for mail in post.mails(BUYER)]
    assert subjects[0] == subjects[2] == "Bienvenue chez Portico"
    assert "de retour dans l'ancienne boutique" in subjects[1]


async def test_only_those_who_were_told_a_date_are_told_that_it_is_postponed(
    notifications: RunningService, post: Post
) -> None:
    later_date = {"transfer_on": "2027-01-13", "previous_transfer_on": "2026-12-09", "revision": 2}
    await notifications.deliver("shop.transfer.announced.v1", events.announced("trf_1"), subject="trf_1")
    await post.one(BUYER)

    await notifications.deliver("shop.transfer.postponed.v1", events.transfer("trf_2", **later_date), subject="trf_2")
    await notifications.deliver("shop.transfer.postponed.v1", events.transfer("trf_1", **later_date), subject="trf_1")

    await eventually(lambda: len(post.mails(BUYER)) == 2)
    assert "est reporté" in post.mails(BUYER)[0].subject
    assert "13 janvier 2027" in post.mails(BUYER)[0].text


async def test_who_was_told_a_date_is_told_once_that_the_move_is_put_off_and_then_the_new_date(
    notifications: RunningService, post: Post
) -> None:
    failure = {"code": "changed_at_source", "detail": "What moves has changed."}
    await notifications.deliver("shop.transfer.announced.v1", events.announced("trf_1"), subject="trf_1")
    await post.one(BUYER)

    await notifications.deliver("shop.transfer.failed.v1", events.transfer("trf_2", **failure), subject="trf_2")
    for _ in range(2):
        await notifications.deliver("shop.transfer.failed.v1", events.transfer("trf_1", **failure), subject="trf_1")

    await eventually(lambda: len(post.mails(BUYER)) == 2)
    told = post.mails(BUYER)[0]
    assert "est remis à plus tard" in told.subject
    assert "n'a pas lieu le mercredi 9 décembre 2026" in told.text
    assert failure["detail"] not in told.text
    anew = events.announced("trf_1", transfer_on="2027-01-13", previous_transfer_on="2026-12-09", revision=2)
    await notifications.deliver("shop.transfer.announced.v1", anew, subject="trf_1")
    await eventually(lambda: len(post.mails(BUYER)) == 3)
    assert post.mails(BUYER)[0].subject.startswith("Nouvelle date")


async def test_a_failure_that_arrives_after_the_move_of_the_same_transfer_says_nothing(
    notifications: RunningService, post: Post
) -> None:
    await notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1", sequence=1)
    await post.one(BUYER)
    await notifications.deliver("shop.transfer.transferred.v1", events.transferred(), subject="trf_1", sequence=3)
    await eventually(lambda: len(post.mails(BUYER)) == 2)

    late = events.transfer(code="unexpected_error", detail="")
    await notifications.deliver("shop.transfer.failed.v1", late, subject="trf_1", sequence=2)
    await notifications.work()

    assert post.mails(BUYER)[0].subject == "Bienvenue chez Portico"
    assert len(post.mails(BUYER)) == 2


def events_day_before(notifications: RunningService):  # type: ignore[no-untyped-def]
    """From now until 10:00 on the day before the transfer (2026-12-08 in Paris)."""
    from datetime import UTC, datetime

    return datetime(2026, 12, 8, 9, 0, tzinfo=UTC) - notifications.clock.now()


async def _message(notifications: RunningService, template: str) -> dict:  # type: ignore[type-arg]
    async with notifications.operator() as operator:

        async def sent() -> list[dict]:  # type: ignore[type-arg]
            answer = await operator.get("/api/v1/messages", params={"template": template, "status": "sent"})
            return answer.json()["items"]

        (item,) = await eventually(sent)
        return (await operator.get(f"/api/v1/messages/{item['id']}")).json()


async def _status(
    notifications: RunningService, template: str, status: str, *, reason: str | None = None, attempts: int = 0
) -> bool:
    async with notifications.operator() as operator:
        answer = await operator.get("/api/v1/messages", params={"template": template, "status": status})
    items = answer.json()["items"]
    return any(item["attempts"] >= attempts and reason in (None, item["reason"]) for item in items)
