"""What operators see of the mails, and nobody else."""

import pytest

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.notifications import events
from tests.notifications.conftest import Post

OPERATORS_ONLY = [
    ("GET", "/api/v1/messages"),
    ("GET", "/api/v1/messages/msg_x"),
    ("POST", "/api/v1/messages/msg_x/resend"),
    ("GET", "/api/v1/templates"),
    ("GET", "/api/v1/templates/transfer-welcome"),
    ("POST", "/api/v1/templates/transfer-welcome/preview"),
    ("GET", "/api/v1/suppressions"),
    ("POST", "/api/v1/suppressions"),
    ("GET", "/api/v1/suppressions/sup_x"),
    ("DELETE", "/api/v1/suppressions/sup_x"),
]


async def test_everything_about_mails_is_for_operators_only(notifications: RunningService) -> None:
    async with (
        notifications.anonymous() as anonymous,
        notifications.client(scopes="webhooks:write", org="org_1") as owner,
    ):
        for method, path in OPERATORS_ONLY:
            body = {"email": "a@x.eu"} if path.endswith("suppressions") else {}
            assert (await anonymous.request(method, path, json=body)).status_code == 401, path
            assert (await owner.request(method, path, json=body)).status_code == 403, path


async def test_mails_are_found_by_recipient_template_status_and_correlation(
    notifications: RunningService, post: Post
) -> None:
    await notifications.deliver("shop.transfer.announced.v1", events.announced("trf_1"), subject="trf_1")
    await notifications.deliver("licensing.assignment.created.v1", events.assignment(), subject="asg_1")
    await eventually(lambda: len(post.mails()) == 2)

    async def found(**filters: str) -> list[str]:
        async with notifications.operator() as operator:
            answer = await operator.get("/api/v1/messages", params=filters)
        assert answer.status_code == 200
        return [item["template"] for item in answer.json()["items"]]

    async def both_are_recorded() -> bool:
        return len(await found(status="sent")) == 2

    await eventually(both_are_recorded)
    assert await found(to=" Claire@garage-martin.example ") == ["transfer-announcement"]
    assert await found(template="license-assigned") == ["license-assigned"]
    assert await found(correlation="transfer:trf_1") == ["transfer-announcement"]
    assert await found(correlation="transfer:trf_2") == []
    assert await found(limit="1") == ["license-assigned"]


async def test_unknown_mails_and_impossible_filters_are_refused(notifications: RunningService) -> None:
    async with notifications.operator() as operator:
        assert (await operator.get("/api/v1/messages/msg_nothing")).status_code == 404
        assert (await operator.post("/api/v1/messages/msg_nothing/resend")).status_code == 404
        assert (await operator.get("/api/v1/messages", params={"to": "nobody"})).status_code == 422
        assert (await operator.get("/api/v1/messages", params={"status": "lost"})).status_code == 422


async def test_a_sent_mail_is_sent_again_as_a_copy(notifications: RunningService, post: Post) -> None:
    await notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1")
    await eventually(lambda: len(post.mails()) == 1)

    async def sent() -> list[dict]:  # type: ignore[type-arg]
        return (await operator.get("/api/v1/messages", params={"status": "sent"})).json()["items"]

    async with notifications.operator() as operator:
        (message,) = await eventually(sent)
        answer = await operator.post(f"/api/v1/messages/{message['id']}/resend")

    assert answer.status_code == 202
    assert answer.json()["resend_of"] == message["id"]
    await eventually(lambda: len(post.mails()) == 2)
    assert len({mail.headers["Message-ID"] for mail in post.mails()}) == 2


async def test_a_mail_to_a_suppressed_address_is_sent_once_the_suppression_is_lifted(
    notifications: RunningService, post: Post
) -> None:
    async with notifications.operator() as operator:
        made = await operator.post("/api/v1/suppressions", json={"email": "Claire@garage-martin.example"})
        assert made.status_code == 201
        await notifications.deliver("shop.transfer.announced.v1", events.announced(), subject="trf_1")

        async def suppressed() -> list[dict]:  # type: ignore[type-arg]
            return (await operator.get("/api/v1/messages", params={"status": "suppressed"})).json()["items"]

        (message,) = await eventually(suppressed)
        assert (await operator.post(f"/api/v1/messages/{message['id']}/resend")).status_code == 409

        listed = (await operator.get("/api/v1/suppressions")).json()["items"]
        assert [item["email"] for item in listed] == ["claire@garage-martin.example"]
        assert (await operator.delete(f"/api/v1/suppressions/{listed[0]['id']}")).status_code == 204
        assert (await operator.delete(f"/api/v1/suppressions/{listed[0]['id']}")).status_code == 404
        assert (await operator.post(f"/api/v1/messages/{message['id']}/resend")).status_code == 202

    await eventually(lambda: len(post.mails()) == 1)


@pytest.mark.parametrize(("locale", "count"), [(None, 4), ("de-AT", 1)])
async def test_a_template_is_previewed_in_one_or_all_languages(
    notifications: RunningService, locale: str | None, count: int
) -> None:
    async with notifications.operator() as operator:
        answer = await operator.post("/api/v1/templates/transfer-welcome/preview", json={"locale": locale})
        listed = await operator.get("/api/v1/templates")
        lacking = await operator.post("/api/v1/templates/transfer-welcome/preview", json={"data": {}})
        unknown = await operator.post("/api/v1/templates/nothing/preview", json={})

    previews = answer.json()["items"]
    assert len(previews) == count
    assert all(preview["html"] and preview["text"] and preview["subject"] for preview in previews)
    assert len(listed.json()["items"]) >= 25
    assert lacking.status_code == 422
    assert unknown.status_code == 404


async def test_a_person_chooses_optional_mails_and_cannot_switch_off_the_mandatory_ones(
    notifications: RunningService,
) -> None:
    async with notifications.client(email="eva@x.eu") as person:
        before = (await person.get("/api/v1/me/notification-preferences")).json()
        changed = await person.put("/api/v1/me/notification-preferences", json={"categories": {"service": False}})
        refused = await person.put("/api/v1/me/notification-preferences", json={"categories": {"transfer": False}})
        unknown = await person.put("/api/v1/me/notification-preferences", json={"categories": {"spam": True}})
        same = await person.put("/api/v1/me/notification-preferences", json=changed.json())
    async with notifications.operator() as machine:
        nobody = await machine.get("/api/v1/me/notification-preferences")

    enabled = {item["code"]: item["enabled"] for item in before["categories"]}
    assert enabled == {
        "account": True,
        "transfer": True,
        "license": True,
        "order": True,
        "service": True,
        "seats_low": True,
        "seats_waiting": False,
        "license_expiring": True,
        "marketing": False,
    }
    assert {item["code"]: item["enabled"] for item in changed.json()["categories"]} == enabled | {"service": False}
    assert refused.status_code == 422
    assert unknown.status_code == 422
    assert same.json() == changed.json()
    assert nobody.status_code == 403
