"""Whatever changes somebody's tiles is hinted at, to whom it concerns."""

from collections.abc import Iterator
from typing import Any

import pytest

from chassis.bus.hints import EVERYBODY
from identity.accounts.change_email import change_email
from identity.accounts.queries import lock_account
from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.identity.people import active, an_address, an_owner, invited
from tests.identity.reactions.facts import a_grant

ENTITLEMENT = "licensing.entitlement.changed.v1"


@pytest.fixture
def hinted(identity: RunningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Whose tiles were said to have changed."""
    found: list[str] = []
    monkeypatch.setattr(identity.runtime.database, "on_hints", lambda hints: found.extend(who for _, who in hints))
    return found


def access(email: str) -> dict[str, Any]:
    """What licensing says."""
    return {"email": email, "product_code": "cad-pro", "applications": ["cad"], "grants": [a_grant("org_any")]}


async def test_a_changed_entitlement_is_hinted_to_the_account_of_the_address(
    identity: RunningService, hinted: list[str]
) -> None:
    account = await active(identity)
    hinted.clear()

    await identity.deliver(ENTITLEMENT, access(account["email"]), subject="ent_1", sequence=2)
    await eventually(lambda: hinted == [account["id"]])
    hinted.clear()
    await identity.deliver(ENTITLEMENT, access(account["email"]), subject="ent_1", sequence=1)
    await identity.deliver(ENTITLEMENT, access(an_address("nobody")), subject="ent_2")
    assert hinted == [], "an older word changes nothing, and nobody has the other address"


async def test_members_are_hinted_at_when_they_come_change_and_go(identity: RunningService, hinted: list[str]) -> None:
    owner = await an_owner(identity)
    assert hinted == [owner["id"]]
    organization = owner["organization_id"]
    colleague = await invited(identity, organization_id=organization, roles=["member"])
    assert hinted == [owner["id"], colleague["id"]]
    hinted.clear()

    async with identity.operator() as operator:
        params = {"organization": organization, "email": colleague["email"]}
        (member,) = (await operator.get("/api/v1/members", params=params)).json()["items"]
        changed = await operator.patch(f"/api/v1/members/{member['id']}", json={"roles": ["license_manager"]})
        gone = await operator.delete(f"/api/v1/members/{member['id']}")

    assert (changed.status_code, gone.status_code) == (200, 204)
    assert hinted == [colleague["id"]] * 2


async def test_a_closed_account_is_hinted_at(identity: RunningService, hinted: list[str]) -> None:
    account = await active(identity)
    hinted.clear()

    async with identity.operator() as operator:
        assert (await operator.post(f"/api/v1/accounts/{account['id']}/disable")).is_success

    assert hinted == [account["id"]]


async def test_applications_and_products_concern_everybody(identity: RunningService, hinted: list[str]) -> None:
    application = {"code": "hinted", "name": {"en": "Hinted"}, "launch_url": "https://hinted.example/"}
    async with identity.operator() as operator:
        await operator.post("/api/v1/applications", json=application)
        await operator.patch("/api/v1/applications/hinted", json={"launch_url": "https://elsewhere.example/"})
        await operator.delete("/api/v1/applications/hinted")
    assert hinted == [EVERYBODY] * 3

    product = {"product_code": "hinted", "name": {"en": "Hinted"}, "applications": ["cad"]}
    await identity.deliver("shop.product.changed.v1", product, subject="hinted", sequence=2)
    await identity.deliver("shop.product.changed.v1", product, subject="hinted", sequence=1)

    await eventually(lambda: hinted == [EVERYBODY] * 4)


async def test_a_changed_address_is_hinted_at(identity: RunningService, hinted: list[str]) -> None:
    account = await active(identity)
    hinted.clear()

    async with identity.runtime.database.transaction() as tx:
        known = await lock_account(tx, account["id"])
        assert known is not None
        assert await change_email(tx, account=known, new_email=an_address("new"))
        assert hinted == []

    assert hinted == [account["id"]]
