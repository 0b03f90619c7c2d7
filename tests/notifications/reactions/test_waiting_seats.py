"""Seats that wait for somebody are mailed to buyers who want to know, once per license."""

from typing import Any

import pytest

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.notifications.conftest import Post

WAITING = "licensing.seats.waiting.v1"
PATH = "/api/v1/me/notification-preferences"


def seats(buyer: str, license_id: str) -> dict[str, Any]:
    """What licensing tells."""
    return {
        "license": {
            "id": license_id,
            "product_code": "manual",
            "term": {"first_day": "2026-11-25", "last_day": "2027-11-24"},
            "quantity": 5,
            "free": 4,
            "origin": "transferred",
        },
        "product_name": {"en": "Repair Manual", "fr": "Manuel de réparation"},
        "organization": {"id": "org_1", "name": "Garage Martin SARL", "locale": "fr", "time_zone": "Europe/Paris"},
        "buyer": {"email": buyer, "first_name": "Éva", "last_name": "Martin", "locale": "fr"},
    }


async def choose(notifications: RunningService, buyer: str, **wanted: bool) -> None:
    """The buyer's choice."""
    async with notifications.client(email=buyer) as person:
        assert (await person.put(PATH, json={"categories": wanted})).status_code == 200


async def test_a_buyer_who_wants_it_is_reminded_once(notifications: RunningService, post: Post) -> None:
    buyer, license_id = "eva.waiting@garage-martin.example", new_id("lic")
    await choose(notifications, buyer, seats_waiting=True)

    for sequence in (1, 1, 2):
        await notifications.deliver(WAITING, seats(buyer, license_id), subject=license_id, sequence=sequence)

    mail = await post.one(buyer)
    assert mail.subject == "Des licences pour Manuel de réparation attendent encore vos collègues"
    assert "4 sur 5" in mail.text


@pytest.mark.parametrize("wanted", [{}, {"service": False, "seats_waiting": True}, {"seats_waiting": False}])
async def test_nobody_else_is_and_nothing_is_kept_of_it(
    notifications: RunningService, post: Post, wanted: dict[str, bool]
) -> None:
    buyer, license_id = f"{new_id('acc')}@garage-martin.example", new_id("lic")
    if wanted:
        await choose(notifications, buyer, **wanted)

    await notifications.deliver(WAITING, seats(buyer, license_id), subject=license_id)

    await notifications.work()
    assert post.mails(buyer) == []
    async with notifications.operator() as operator:
        assert (await operator.get("/api/v1/messages", params={"to": buyer})).json()["items"] == []


@pytest.mark.parametrize(("kind", "template"), [("seats_low", "seats-low"), ("license_expiring", "license-expiring")])
async def test_each_reminder_has_a_choice_of_its_own(notifications: RunningService, kind: str, template: str) -> None:
    buyer = f"{new_id('acc')}@garage-martin.example"
    await choose(notifications, buyer, **{kind: False})

    async with notifications.client(email=buyer) as person:
        categories = {item["code"]: item["enabled"] for item in (await person.get(PATH)).json()["categories"]}
    async with notifications.operator() as operator:
        templates = (await operator.get("/api/v1/templates", params={"limit": 200})).json()["items"]

    assert categories[kind] is False
    assert categories["service"] is True
    assert [item["category"] for item in templates if item["key"] == template] == [kind]
