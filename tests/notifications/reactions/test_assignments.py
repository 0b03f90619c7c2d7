"""Invitations and what follows them, as colleagues get them."""

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.notifications import events
from tests.notifications.conftest import Post
from tests.notifications.identity import Identity

LUC = "luc@garage-martin.example"
EVENT = "licensing.assignment."


async def test_the_invitation_holds_everything_needed_to_get_to_the_product(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    await notifications.deliver(f"{EVENT}created.v1", events.assignment(), subject="asg_1")

    mail = await post.one(LUC)
    assert mail.subject == "Votre accès à Manuel de réparation"
    for words in ("Garage Martin SARL", "31 mars 2027", "Activer votre compte", "/activate/secret-1", LUC):
        assert words in mail.text
    assert identity.asked[0]["email"] == LUC


async def test_a_colleague_with_an_account_is_led_to_the_portal(
    notifications: RunningService, post: Post, identity: Identity
) -> None:
    identity.active.add(LUC)

    await notifications.deliver(f"{EVENT}created.v1", events.assignment(), subject="asg_1")

    mail = await post.one(LUC)
    assert "/activate/" not in mail.text
    assert "http://localhost:8080/" in mail.text


async def test_automatic_and_silent_assignments_are_not_mailed(notifications: RunningService, post: Post) -> None:
    await notifications.deliver(f"{EVENT}created.v1", events.assignment("asg_1", automatic=True), subject="asg_1")
    await notifications.deliver(f"{EVENT}created.v1", events.assignment("asg_2", notify=False), subject="asg_2")
    await notifications.deliver(f"{EVENT}created.v1", events.assignment("asg_3"), subject="asg_3")

    await eventually(lambda: post.mails())
    await notifications.work()
    assert len(post.mails()) == 1


async def test_an_invitation_asked_for_again_is_another_mail(notifications: RunningService, post: Post) -> None:
    await notifications.deliver(f"{EVENT}created.v1", events.assignment(), subject="asg_1")
    await notifications.deliver(f"{EVENT}invitation_requested.v1", events.assignment(), subject="asg_1")

    await eventually(lambda: len(post.mails(LUC)) == 2)


async def test_a_deactivated_colleague_is_told(notifications: RunningService, post: Post) -> None:
    await notifications.deliver(f"{EVENT}created.v1", events.assignment(), subject="asg_1")
    await eventually(lambda: len(post.mails(LUC)) == 1)

    await notifications.deliver(f"{EVENT}deactivated.v1", events.assignment(), subject="asg_1")

    await eventually(lambda: len(post.mails(LUC)) == 2)
    assert post.mails(LUC)[0].subject == "Votre accès à Manuel de réparation a été désactivé"


async def test_no_invitation_leaves_when_the_end_arrives_before_the_beginning(
    notifications: RunningService, post: Post
) -> None:
    await notifications.deliver(f"{EVENT}deactivated.v1", events.assignment(), subject="asg_1", sequence=2)
    await notifications.deliver(f"{EVENT}created.v1", events.assignment(), subject="asg_1", sequence=1)

    await notifications.work()
    assert post.mails() == []


async def test_new_dates_are_told_and_outdated_ones_are_not(notifications: RunningService, post: Post) -> None:
    await notifications.deliver(f"{EVENT}created.v1", events.assignment(), subject="asg_1", sequence=1)
    await eventually(lambda: len(post.mails(LUC)) == 1)
    newer, older = events.assignment(), events.assignment()
    newer["assignment"]["last_day"] = "2027-02-28"
    older["assignment"]["last_day"] = "2027-01-31"

    await notifications.deliver(f"{EVENT}period_changed.v1", newer, subject="asg_1", sequence=3)
    await notifications.deliver(f"{EVENT}period_changed.v1", older, subject="asg_1", sequence=2)

    await eventually(lambda: len(post.mails(LUC)) == 2)
    await notifications.work()
    assert len(post.mails(LUC)) == 2
    assert "28 février 2027" in post.mails(LUC)[0].text
