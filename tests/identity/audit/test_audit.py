"""The audit book: written by what happens, read by operators, changed by nobody."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, an_owner, as_owner


async def test_only_operators_read_it(identity: RunningService) -> None:
    owner = await an_owner(identity)
    async with identity.anonymous() as nobody:
        assert (await nobody.get("/api/v1/audit-entries")).status_code == 401
    async with as_owner(identity, owner) as person:
        assert (await person.get("/api/v1/audit-entries")).status_code == 403


async def test_it_tells_who_did_what_to_whom_and_no_secret(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.operator() as operator:
        await operator.post(f"/api/v1/accounts/{account['id']}/disable", headers={"X-Request-Id": "audit-test"})
        entries = (await operator.get("/api/v1/audit-entries", params={"target": account["id"]})).json()["items"]
        by_actor = (
            await operator.get(
                "/api/v1/audit-entries", params={"actor": "client:operator-cli", "action": "account.disabled"}
            )
        ).json()["items"]

    actions = [entry["action"] for entry in entries]
    assert actions[0] in ("account.disabled", "session.ended")
    assert {"account.invited", "account.activated", "account.disabled"} <= set(actions)
    disabled = next(entry for entry in entries if entry["action"] == "account.disabled")
    assert disabled["actor"] == "client:operator-cli"
    assert disabled["request_id"] == "audit-test"
    assert disabled in by_actor
    assert PASSWORD not in str(entries)


async def test_filters_and_pages(identity: RunningService) -> None:
    async with identity.operator() as operator:
        for _ in range(3):
            await active(identity)
        first = (await operator.get("/api/v1/audit-entries", params={"action": "account.activated", "limit": 2})).json()
        rest = await operator.get(
            "/api/v1/audit-entries",
            params={"action": "account.activated", "limit": 2, "cursor": first["next_cursor"]},
        )
        none = await operator.get("/api/v1/audit-entries", params={"until": "2020-01-01T00:00:00Z"})
        wrong = await operator.get("/api/v1/audit-entries", params={"since": "yesterday"})
    assert len(first["items"]) == 2
    assert rest.json()["items"]
    assert none.json()["items"] == []
    assert wrong.status_code == 422


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"])
async def test_the_database_refuses_to_change_it(identity: RunningService, statement: str) -> None:
    await active(identity)
    with pytest.raises(DBAPIError, match="append-only"):
        async with identity.runtime.database.transaction() as tx:
            await tx.execute(text(statement))
