"""What operators do with accounts."""

import pytest

from identity.accounts.verify_password import verify_password
from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, an_address, an_owner, as_person, invited


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/accounts"),
        ("GET", "/api/v1/accounts/acc_x"),
        ("POST", "/api/v1/accounts"),
        ("POST", "/api/v1/accounts/acc_x/disable"),
        ("POST", "/api/v1/accounts/acc_x/enable"),
        ("POST", "/api/v1/accounts/acc_x/resend-activation"),
        ("POST", "/api/v1/accounts/acc_x/end-sessions"),
    ],
)
async def test_only_operators_get_in(identity: RunningService, method: str, path: str) -> None:
    owner = await an_owner(identity)
    body = {"email": an_address(), "name": "N"} if path == "/api/v1/accounts" else None
    async with identity.anonymous() as nobody:
        assert (await nobody.request(method, path, json=body)).status_code == 401
    async with as_person(identity, owner, scopes="members:read members:write", roles=("owner",)) as person:
        assert (await person.request(method, path, json=body)).status_code == 403
    if method == "POST":
        async with identity.client(scopes="operator:read") as reader:
            assert (await reader.request(method, path, json=body)).status_code == 403
    if "acc_x" in path:
        async with identity.operator() as operator:
            assert (await operator.request(method, path, json=body)).status_code == 404


async def test_an_account_is_made_with_its_organization_and_waits(identity: RunningService) -> None:
    email = an_address("Anna")
    async with identity.operator() as operator:
        answer = await operator.post(
            "/api/v1/accounts",
            json={
                "email": email.upper(),
                "name": "Anna",
                "locale": "it",
                "organization": {"name": "Esempio S.r.l.", "country": "IT"},
                "roles": ["owner"],
            },
        )
        again = await operator.post("/api/v1/accounts", json={"email": email, "name": "Anna"})
        found = await operator.get("/api/v1/accounts", params={"email": email.upper()})

    account = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(account["id"])
    assert account["status"] == "invited"
    assert account["organization_id"].startswith("org_")
    assert account["memberships"][0]["roles"] == ["owner"]
    assert again.status_code == 409
    assert found.json()["items"] == [account]
    invitations = await identity.published("identity.account.invited.v1")
    assert [(one["reason"], one["locale"]) for one in invitations if one["account_id"] == account["id"]] == [
        ("operator", "it")
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"email": "no address", "name": "N"},
        {"email": "a@muster.example", "name": ""},
        {"email": "a@muster.example", "name": "N", "roles": ["owner"]},
        {"email": "a@muster.example", "name": "N", "password": "never set by an operator"},
        {
            "email": "a@muster.example",
            "name": "N",
            "organization_id": "o",
            "organization": {"name": "X", "country": "DE"},
        },
    ],
)
async def test_invalid_accounts_are_refused(identity: RunningService, body: dict) -> None:
    async with identity.operator() as operator:
        assert (await operator.post("/api/v1/accounts", json=body)).status_code == 422


async def test_an_unknown_organization_is_refused_and_nothing_is_made(identity: RunningService) -> None:
    email = an_address()
    async with identity.operator() as operator:
        answer = await operator.post(
            "/api/v1/accounts", json={"email": email, "name": "N", "organization_id": "org_unknown"}
        )
        found = await operator.get("/api/v1/accounts", params={"email": email})
    assert answer.status_code == 404
    assert found.json()["items"] == []


async def test_disable_and_enable(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.operator() as operator:
        disabled = [await operator.post(f"/api/v1/accounts/{account['id']}/disable") for _ in range(2)]
        closed = await verify_password(identity.runtime, email=account["email"], password=PASSWORD)
        enabled = [await operator.post(f"/api/v1/accounts/{account['id']}/enable") for _ in range(2)]

    assert [answer.json()["status"] for answer in disabled + enabled] == ["disabled"] * 2 + ["active"] * 2
    assert closed is None
    assert await verify_password(identity.runtime, email=account["email"], password=PASSWORD) is not None
    for kind in ("disabled", "enabled"):
        events = await identity.published(f"identity.account.{kind}.v1")
        assert len([event for event in events if event["account_id"] == account["id"]]) == 1
    ended = await identity.published("identity.session.ended.v1")
    assert [event["reason"] for event in ended if event["account_id"] == account["id"]] == ["account_disabled"]


async def test_an_invited_account_comes_back_invited(identity: RunningService) -> None:
    account = await invited(identity)
    async with identity.operator() as operator:
        await operator.post(f"/api/v1/accounts/{account['id']}/disable")
        answer = await operator.post(f"/api/v1/accounts/{account['id']}/enable")
    assert answer.json()["status"] == "invited"


async def test_the_activation_is_sent_again_only_while_it_is_awaited(identity: RunningService) -> None:
    waiting, done = await invited(identity), await active(identity)
    async with identity.operator() as operator:
        sent = await operator.post(f"/api/v1/accounts/{waiting['id']}/resend-activation")
        refused = await operator.post(f"/api/v1/accounts/{done['id']}/resend-activation")
    assert sent.status_code == 202
    assert refused.status_code == 409
    requests = await identity.published("identity.account.activation_requested.v1")
    assert [one["reason"] for one in requests if one["account_id"] == waiting["id"]] == ["operator"]


async def test_sessions_are_ended(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.operator() as operator:
        answer = await operator.post(f"/api/v1/accounts/{account['id']}/end-sessions")
    assert answer.json() == {"ended": 1}


async def test_filters(identity: RunningService) -> None:
    owner = await an_owner(identity, name="Zacharias Unmistakable")
    async with identity.operator() as operator:
        by_name = await operator.get("/api/v1/accounts", params={"search": "unmistak"})
        by_wildcard = await operator.get("/api/v1/accounts", params={"search": "%unmistak%"})
        by_organization = await operator.get(
            "/api/v1/accounts", params={"organization": owner["organization_id"], "status": "invited"}
        )
        by_status = await operator.get("/api/v1/accounts", params={"status": "sleeping"})
    assert [item["id"] for item in by_name.json()["items"]] == [owner["id"]]
    assert by_wildcard.json()["items"] == []
    assert [item["id"] for item in by_organization.json()["items"]] == [owner["id"]]
    assert by_status.status_code == 422
