"""The mails about accounts, orders, subscriptions and licenses."""

from typing import Any

import pytest

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.notifications import events
from tests.notifications.conftest import Post

EVA = "eva@garage-martin.example"
BUYER = events.BUYER["email"]
EUR = {"currency": "EUR"}


def order(kind: str = "purchase") -> dict[str, Any]:
    """Any event of an order."""
    line = {
        "product_code": "manual",
        "product_name": events.PRODUCT_NAME,
        "quantity": 5,
        "interval": "year",
        "unit_price": {"amount": 12900} | EUR,
        "net": {"amount": 64500} | EUR,
        "subscription_id": "sub_1",
    }
    body = {
        "id": "ord_1",
        "number": "O-2026-000123",
        "organization_id": "org_1",
        "status": "paid",
        "kind": kind,
        "currency": "EUR",
        "net": {"amount": 64500} | EUR,
        "tax": {"amount": 12900} | EUR,
        "total": {"amount": 77400} | EUR,
        "lines": [line],
        "placed_at": "2026-11-24T23:30:00Z",
        "purchase_order_number": "PO-77",
    }
    return {
        "order": body,
        "organization": events.ORGANIZATION,
        "buyer": events.BUYER,
        "invoice_number": "RE-2026-000045",
        "failure_code": None,
    }


def subscription(**more: Any) -> dict[str, Any]:
    """Any event of a subscription."""
    body = {
        "id": "sub_1",
        "number": "S-48213",
        "organization_id": "org_1",
        "product_code": "manual",
        "product_name": events.PRODUCT_NAME,
        "quantity": 4,
        "term": {"first_day": "2026-04-01", "last_day": "2027-03-31"},
        "next_renewal_on": "2027-04-01",
    }
    facts = {
        "subscription": body,
        "organization": events.ORGANIZATION,
        "buyer": events.BUYER,
        "invoice_number": "RE-1",
        "order_id": None,
        "ended_reason": None,
    }
    return facts | more


def payment(**more: Any) -> dict[str, Any]:
    """An event about a renewal's payment."""
    facts = {
        "organization": events.ORGANIZATION,
        "buyer": events.BUYER,
        "subscription_id": "sub_1",
        "subscription_number": "S-48213",
        "amount": {"amount": 51600} | EUR,
        "attempt": 1,
        "next_retry_on": "2027-04-04",
        "action_url": None,
        "grace_until": "2027-04-22",
    }
    return facts | more


async def test_an_invited_member_gets_the_activation_link_in_the_own_language(
    notifications: RunningService, post: Post
) -> None:
    await notifications.deliver("identity.account.invited.v1", events.account(), subject="acc_9")

    mail = await post.one(EVA)
    assert mail.subject == "Aktivieren Sie Ihr Konto bei Portico"
    assert "Guten Tag Eva Maier" in mail.text
    assert "/activate/secret-1" in mail.text


@pytest.mark.parametrize("reason", ["transfer", "assignment"])
async def test_invitations_that_other_mails_carry_are_not_mailed_twice(
    notifications: RunningService, post: Post, reason: str
) -> None:
    await notifications.deliver("identity.account.invited.v1", events.account(reason=reason), subject="acc_9")

    await notifications.work()
    assert post.mails() == []


async def test_who_has_an_account_learns_of_an_organization_that_took_them_in(
    notifications: RunningService, post: Post
) -> None:
    joined = events.account(organization_name="Garage Martin SARL")
    event_id = await notifications.deliver("identity.account.joined.v1", joined, subject="acc_9")
    await notifications.deliver("identity.account.joined.v1", joined, subject="acc_9", event_id=event_id)

    mail = await post.one(EVA)
    assert mail.subject == "Garage Martin SARL hat Sie ins Team aufgenommen"
    assert "/activate/" not in mail.text


async def test_a_new_password_link_is_mailed_for_every_request(notifications: RunningService, post: Post) -> None:
    for _ in range(2):
        await notifications.deliver("identity.account.recovery_requested.v1", events.account(), subject="acc_9")

    await eventually(lambda: len(post.mails(EVA)) == 2)
    assert "/recover/secret-" in post.mails(EVA)[0].text


async def test_both_addresses_learn_of_a_changed_address(notifications: RunningService, post: Post) -> None:
    changed = events.account(previous_email="old@garage-martin.example")

    await notifications.deliver("identity.account.email_changed.v1", changed, subject="acc_9")

    old, new = await post.one("old@garage-martin.example"), await post.one(EVA)
    assert EVA not in old.text
    assert "e•••@garage-martin.example" in old.text
    assert "old@garage-martin.example" in new.text


async def test_choices_of_optional_mails_move_to_the_new_address(notifications: RunningService, post: Post) -> None:
    path = "/api/v1/me/notification-preferences"
    async with notifications.client(email="old@garage-martin.example") as person:
        await person.put(path, json={"categories": {"service": False}})
    changed = events.account(previous_email="old@garage-martin.example")

    await notifications.deliver("identity.account.email_changed.v1", changed, subject="acc_9")

    async with notifications.client(email=EVA) as person:
        categories = (await person.get(path)).json()["categories"]
    assert [item["enabled"] for item in categories if item["code"] == "service"] == [False]


async def test_an_order_is_confirmed_with_its_amounts_once(notifications: RunningService, post: Post) -> None:
    await notifications.deliver("shop.order.paid.v1", order(), subject="ord_1", sequence=2)
    await notifications.deliver("shop.order.paid.v1", order(), subject="ord_1", sequence=2)
    await notifications.deliver("shop.order.paid.v1", order("renewal"), subject="ord_1", sequence=3)

    mail = await post.one(BUYER)
    for words in ("O-2026-000123", "774,00\xa0€", "PO-77", "RE-2026-000045", "25 novembre 2026", "5 × Manuel"):
        assert words in mail.text, words
    await notifications.work()
    assert len(post.mails()) == 1


async def test_a_failed_payment_is_told_with_what_happens_next(notifications: RunningService, post: Post) -> None:
    await notifications.deliver("shop.payment.failed.v1", payment(), subject="sub_1")

    mail = await post.one(BUYER)
    for words in ("516,00\xa0€", "4 avril 2027", "22 avril 2027", "/account/payment-methods"):
        assert words in mail.text, words


async def test_a_failed_payment_that_is_told_after_the_money_came_is_not_mailed(
    notifications: RunningService, post: Post
) -> None:
    await notifications.deliver("shop.subscription.recovered.v1", subscription(), subject="sub_1", sequence=5)
    await notifications.deliver("shop.payment.failed.v1", payment(), subject="sub_1", sequence=4)

    mail = await post.one(BUYER)
    await notifications.work()
    assert mail.subject == "Paiement reçu pour l'abonnement S-48213"
    assert len(post.mails()) == 1


async def test_a_cancelled_subscription_is_confirmed_and_reminded_of_a_week_before_its_end(
    notifications: RunningService, post: Post, later: object
) -> None:
    await notifications.deliver("shop.subscription.cancel_scheduled.v1", subscription(), subject="sub_1")
    await post.one(BUYER)

    later(days=120)  # type: ignore[operator]

    await eventually(lambda: len(post.mails(BUYER)) == 2)
    assert post.mails(BUYER)[0].subject == "Manuel de réparation : votre licence se termine le 31 mars 2027"


async def test_an_undone_cancellation_calls_the_reminder_off(
    notifications: RunningService, post: Post, later: object
) -> None:
    await notifications.deliver("shop.subscription.cancel_scheduled.v1", subscription(), subject="sub_1")
    await notifications.deliver("shop.subscription.cancel_undone.v1", subscription(), subject="sub_1")
    await eventually(lambda: post.mails(BUYER))

    later(days=120)  # type: ignore[operator]

    await notifications.work()
    assert not [mail for mail in post.mails(BUYER) if "se termine" in mail.subject]


@pytest.mark.parametrize(
    ("event_type", "more", "subject"),
    [
        ("shop.subscription.renewed.v1", {}, "Votre abonnement S-48213 a été renouvelé"),
        ("shop.subscription.ended.v1", {"ended_reason": "cancelled"}, "Votre abonnement S-48213 a pris fin"),
        ("shop.subscription.ended.v1", {"ended_reason": "unpaid"}, "Votre abonnement S-48213 a pris fin"),
        ("shop.subscription.ended.v1", {"ended_reason": "rolled_back"}, None),
    ],
)
async def test_what_happens_to_a_subscription_is_told(
    notifications: RunningService, post: Post, event_type: str, more: dict[str, Any], subject: str | None
) -> None:
    await notifications.deliver(event_type, subscription(**more), subject="sub_1")

    if subject is None:
        await notifications.work()
        assert post.mails() == []
    else:
        assert (await post.one(BUYER)).subject == subject


async def test_a_one_off_license_is_reminded_of_a_month_before_its_end(
    notifications: RunningService, post: Post, later: object
) -> None:
    license_body = {
        "id": "lic_1",
        "organization_id": "org_1",
        "product_code": "diagnostics",
        "term": {"first_day": "2026-07-01", "last_day": "2027-06-30"},
        "quantity": 1,
        "origin": "one_off",
    }
    granted = {
        "license": license_body,
        "product_name": {"en": "Diagnostics Pass"},
        "organization": events.ORGANIZATION,
        "buyer": events.BUYER,
    }
    await notifications.deliver("licensing.license.granted.v1", granted, subject="lic_1")
    assert post.mails() == []

    later(days=188)  # type: ignore[operator]

    mail = await post.one(BUYER)
    assert "30 juin 2027" in mail.subject
