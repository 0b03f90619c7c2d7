"""Partners hear what happens in their organization: signed, in order, until they have taken it."""

from typing import Any

import httpx

from notifications.webhooks.fan_out import fan_out
from notifications.webhooks.store import DELIVER
from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.notifications import events
from tests.notifications.conftest import Post
from tests.notifications.webhooks.receiver import Partner

ENDPOINTS = "/api/v1/webhook-endpoints"
DELIVERIES = "/api/v1/webhook-deliveries"


def order_event(number: int, organization_id: str = "org_1") -> dict[str, Any]:
    """`shop.order.placed.v1`, as far as webhooks care."""
    return {
        "order": {"id": f"ord_{number}", "number": f"O-{number}", "organization_id": organization_id},
        "organization": events.ORGANIZATION | {"id": organization_id},
        "buyer": events.BUYER,
    }


async def endpoint_for(owner: httpx.AsyncClient, partner: Partner, *event_types: str) -> dict[str, Any]:
    answer = await owner.post(ENDPOINTS, json={"url": partner.url, "event_types": list(event_types or ["*"])})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def place(notifications: RunningService, *numbers: int) -> None:
    for number in numbers:
        await notifications.deliver("shop.order.placed.v1", order_event(number), subject=f"ord_{number}")


async def was_recorded(owner: httpx.AsyncClient) -> bool:
    oldest = (await owner.get(DELIVERIES)).json()["items"][-1]
    return oldest["attempts"] == 1


async def was_tried(owner: httpx.AsyncClient, attempts: int) -> bool:
    delivery = (await owner.get(DELIVERIES)).json()["items"][0]
    return delivery["attempts"] == attempts


async def test_an_event_arrives_signed_and_without_what_is_ours(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    endpoint = await endpoint_for(owner, partner)

    await place(notifications, 1)

    await eventually(lambda: partner.taken)
    received = partner.taken[0]
    assert received.is_signed_with(endpoint["secret"])
    assert received.headers["webhook-id"] == received.event["id"]
    assert received.headers["content-type"] == "application/json"
    assert received.event["data"]["order"]["number"] == "O-1"
    assert "traceparent" not in received.event
    assert "actor" not in received.event


async def test_the_secret_is_told_once_and_stored_encrypted(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    endpoint = await endpoint_for(owner, partner)

    shown = await owner.get(f"{ENDPOINTS}/{endpoint['id']}")
    async with notifications.runtime.database.read() as reader:
        stored = await reader.all(notifications.runtime.service.metadata.tables["webhook_endpoints"].select())

    assert endpoint["secret"].startswith("whsec_")
    assert "secret" not in shown.json()
    assert endpoint["secret"].removeprefix("whsec_") not in str(stored)


async def test_events_arrive_in_order_also_after_the_partner_was_away(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner, later: object
) -> None:
    await endpoint_for(owner, partner, "shop.order.*")
    partner.status = 503
    await place(notifications, 1, 2, 3, 4)
    await eventually(lambda: partner.seen)

    await eventually(lambda: was_recorded(owner))
    assert {received.event["subject"] for received in partner.seen} == {"ord_1"}
    partner.status = 200
    later(minutes=5)  # type: ignore[operator]

    await eventually(lambda: len(partner.taken) == 4)
    assert [received.event["subject"] for received in partner.taken] == ["ord_1", "ord_2", "ord_3", "ord_4"]


async def test_only_the_wanted_events_of_the_own_organization_arrive(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    await endpoint_for(owner, partner, "shop.order.placed.v1")
    foreign = order_event(1, "org_2")
    await notifications.deliver("shop.order.placed.v1", foreign, subject="ord_1")
    await notifications.deliver("licensing.assignment.started.v1", events.assignment(), subject="asg_1")

    await place(notifications, 2)

    await eventually(lambda: partner.taken)
    assert [received.event["subject"] for received in partner.taken] == ["ord_2"]


async def test_events_that_arrive_together_are_told_in_order_to_whom_they_concern(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    await endpoint_for(owner, partner, "shop.order.*")
    numbers_by_owner = [(number, f"org_{1 + number % 2}") for number in range(12)]
    together = [
        events.envelope("shop.order.placed.v1", order_event(number, organization), subject=f"ord_{number}")
        for number, organization in numbers_by_owner
    ]

    async with notifications.runtime.database.transaction() as tx:
        await fan_out(tx, [*together, *together])
        assert tx.roused == {DELIVER}, "what is queued waits for no turn"

    ours = [f"ord_{number}" for number, organization in numbers_by_owner if organization == "org_1"]
    await eventually(lambda: len(partner.taken) == len(ours))
    assert [received.event["subject"] for received in partner.taken] == ours


async def test_an_event_that_also_asks_for_a_mail_does_both(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner, post: Post
) -> None:
    await endpoint_for(owner, partner, "licensing.assignment.*")

    await notifications.deliver("licensing.assignment.created.v1", events.assignment(), subject="asg_1")

    await eventually(lambda: partner.taken and post.mails())


async def test_a_redelivered_event_is_delivered_once(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    await endpoint_for(owner, partner)
    event_id = await notifications.deliver("shop.order.placed.v1", order_event(1), subject="ord_1")
    await notifications.deliver("shop.order.placed.v1", order_event(1), subject="ord_1", event_id=event_id)

    await place(notifications, 2)

    await eventually(lambda: len(partner.taken) == 2)
    assert [received.event["subject"] for received in partner.taken] == ["ord_1", "ord_2"]


async def test_while_a_secret_is_replaced_both_signatures_are_sent(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    old = await endpoint_for(owner, partner)

    rotated = await owner.post(f"{ENDPOINTS}/{old['id']}/rotate-secret")
    await place(notifications, 1)

    await eventually(lambda: partner.taken)
    assert rotated.json()["secret"] != old["secret"]
    assert partner.taken[0].is_signed_with(old["secret"])
    assert partner.taken[0].is_signed_with(rotated.json()["secret"])


async def test_one_event_that_the_partner_refuses_does_not_hold_up_the_others_for_ever(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner, later: object
) -> None:
    await endpoint_for(owner, partner)
    partner.status = 422
    await place(notifications, 1)
    for attempts in range(1, 6):
        await eventually(lambda attempts=attempts: was_tried(owner, attempts))
        later(hours=1)  # type: ignore[operator]
    partner.status = 200

    await place(notifications, 2)

    await eventually(lambda: [received.event["subject"] for received in partner.taken] == ["ord_2"])
    failed = (await owner.get(DELIVERIES, params={"status": "failed"})).json()["items"]
    assert [delivery["response_status"] for delivery in failed] == [422]


async def test_an_endpoint_that_is_gone_is_switched_off_told_by_mail_and_gets_nothing_lost(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner, post: Post
) -> None:
    endpoint = await endpoint_for(owner, partner)
    partner.status = 410
    await place(notifications, 1)

    async def is_off() -> bool:
        state = (await owner.get(f"{ENDPOINTS}/{endpoint['id']}")).json()
        return state["status"] == "disabled" and state["disabled_reason"] == "gone"

    await eventually(is_off)
    mail = await post.one("owner@garage.example")
    assert "410" in mail.text
    partner.status = 200

    enabled = await owner.patch(f"{ENDPOINTS}/{endpoint['id']}", json={"status": "enabled"})

    assert enabled.json()["status"] == "enabled"
    await eventually(lambda: [received.event["subject"] for received in partner.taken] == ["ord_1"])


async def test_who_is_told_of_a_switched_off_endpoint_reads_it_in_their_language(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner, post: Post
) -> None:
    invited = events.account(email="owner@garage.example", locale="de")
    await notifications.deliver("identity.account.invited.v1", invited, subject="acc_9")
    await post.one("owner@garage.example")
    await endpoint_for(owner, partner)
    partner.status = 410

    await place(notifications, 1)

    await eventually(lambda: len(post.mails("owner@garage.example")) == 2)
    told = post.mails("owner@garage.example")[0]
    assert told.subject == "Ihr Webhook-Endpunkt wurde abgeschaltet"
    assert told.text.startswith("Guten Tag Eva Maier,")


async def test_a_delivery_can_be_repeated_with_the_same_id(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    await endpoint_for(owner, partner)
    await place(notifications, 1)

    async def delivered() -> list[dict[str, Any]]:
        return (await owner.get(DELIVERIES, params={"status": "delivered"})).json()["items"]

    (delivery,) = await eventually(delivered)

    answer = await owner.post(f"{DELIVERIES}/{delivery['id']}/redeliver")

    assert answer.status_code == 202
    await eventually(lambda: len(partner.taken) == 2)
    assert partner.taken[0].headers["webhook-id"] == partner.taken[1].headers["webhook-id"]


async def test_a_test_event_tells_how_the_endpoint_answers(owner: httpx.AsyncClient, partner: Partner) -> None:
    endpoint = await endpoint_for(owner, partner, "shop.order.*")
    good = await owner.post(f"{ENDPOINTS}/{endpoint['id']}/test")
    partner.status = 302

    redirected = await owner.post(f"{ENDPOINTS}/{endpoint['id']}/test")

    assert good.json()["status"] == "delivered"
    assert redirected.json()["status"] == "failed"
    assert redirected.json()["response_status"] == 302
    assert len(partner.seen) == 2
    assert partner.taken[0].is_signed_with(endpoint["secret"])


async def test_another_organization_sees_and_changes_nothing(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    endpoint = await endpoint_for(owner, partner)
    await place(notifications, 1)
    await eventually(lambda: partner.taken)
    delivery = (await owner.get(DELIVERIES)).json()["items"][0]
    one = f"{ENDPOINTS}/{endpoint['id']}"

    async with notifications.client(scopes="webhooks:write", org="org_2") as stranger:
        assert (await stranger.get(ENDPOINTS)).json()["items"] == []
        assert (await stranger.get(DELIVERIES)).json()["items"] == []
        for method, path in (
            ("GET", one),
            ("PATCH", one),
            ("DELETE", one),
            ("POST", f"{one}/rotate-secret"),
            ("POST", f"{one}/test"),
            ("GET", f"{DELIVERIES}/{delivery['id']}"),
            ("POST", f"{DELIVERIES}/{delivery['id']}/redeliver"),
        ):
            assert (await stranger.request(method, path, json={})).status_code == 404, path


async def test_webhooks_need_their_scope_and_an_organization(notifications: RunningService) -> None:
    async with (
        notifications.anonymous() as anonymous,
        notifications.client(scopes="orders:read", org="org_1") as reader,
        notifications.client(scopes="webhooks:write") as homeless,
    ):
        assert (await anonymous.get(ENDPOINTS)).status_code == 401
        assert (await reader.get(ENDPOINTS)).status_code == 403
        assert (await homeless.get(ENDPOINTS)).status_code == 403


async def test_an_owner_cannot_listen_to_another_organization_and_an_operator_to_all(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    body = {"url": partner.url, "organization_id": "org_2"}
    own = await owner.post(ENDPOINTS, json=body)
    async with notifications.operator() as operator:
        everything = await operator.post(ENDPOINTS, json={"url": partner.url})

    assert own.json()["organization_id"] == "org_1"
    assert everything.json()["organization_id"] is None


async def test_unknown_events_and_strange_addresses_are_refused(owner: httpx.AsyncClient) -> None:
    for wrong in (
        {"url": "https://partner.example/h", "event_types": ["shop.nothing.v1"]},
        {"url": "https://partner.example/h", "event_types": []},
        {"url": "ftp://partner.example/h"},
        {"url": "https://user:secret@partner.example/h"},
        {"url": "http://169.254.169.254/latest/meta-data"},
    ):
        answer = await owner.post(ENDPOINTS, json=wrong)
        assert answer.status_code == 422, wrong


async def test_a_change_made_meanwhile_is_not_overwritten(owner: httpx.AsyncClient, partner: Partner) -> None:
    endpoint = await endpoint_for(owner, partner)
    path = f"{ENDPOINTS}/{endpoint['id']}"
    seen = (await owner.get(path)).headers["ETag"]
    await owner.patch(path, json={"event_types": ["shop.order.*"]})

    stale = await owner.patch(path, json={"description": "mine"}, headers={"If-Match": seen})

    assert stale.status_code == 412


async def test_an_operator_who_may_only_read_touches_nobody_else_s_endpoint(
    notifications: RunningService, owner: httpx.AsyncClient, partner: Partner
) -> None:
    endpoint = await endpoint_for(owner, partner)
    path = f"{ENDPOINTS}/{endpoint['id']}"

    async with notifications.client(scopes=("webhooks:write", "operator:read"), org="org_2") as auditor:
        answers = [
            await auditor.patch(path, json={"status": "disabled"}),
            await auditor.post(f"{path}/rotate-secret"),
            await auditor.post(f"{path}/test"),
            await auditor.delete(path),
        ]
        listed = await auditor.get(ENDPOINTS)

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert listed.json()["items"] == []
