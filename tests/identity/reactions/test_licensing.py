"""When licensing gives a seat, or changes what somebody may use."""

from tests.harness.service import RunningService
from tests.identity.people import active, an_address, as_person
from tests.identity.reactions.facts import a_grant, an_assignment

CREATED = "licensing.assignment.created.v1"
CHANGED = "licensing.entitlement.changed.v1"


async def test_a_seat_for_an_unknown_address_makes_an_invited_account_once(identity: RunningService) -> None:
    email = an_address("colleague")
    fact = an_assignment(email, "org_somewhere")
    event_id = await identity.deliver(CREATED, fact, subject=fact["assignment"]["id"])
    await identity.deliver(CREATED, fact, subject=fact["assignment"]["id"], event_id=event_id)
    await identity.deliver(CREATED, fact, subject=fact["assignment"]["id"])

    invitations = [one for one in await identity.published("identity.account.invited.v1") if one["email"] == email]
    assert [(one["reason"], one["locale"], one["organization_id"]) for one in invitations] == [
        ("assignment", "it", "org_somewhere")
    ]


async def test_a_seat_for_a_known_person_changes_nothing(identity: RunningService) -> None:
    person = await active(identity)
    fact = an_assignment(person["email"].upper(), "org_somewhere")
    await identity.deliver(CREATED, fact, subject=fact["assignment"]["id"])

    invitations = await identity.published("identity.account.invited.v1")
    assert len([one for one in invitations if one["email"] == person["email"]]) == 1


async def test_tiles_follow_the_latest_snapshot_whatever_the_order(identity: RunningService) -> None:
    person = await active(identity)
    async with identity.operator() as operator:
        await operator.post(
            "/api/v1/applications",
            json={"code": "catalog", "name": "Catalog", "launch_url": "https://catalog.example/"},
        )
    product = {"product_code": "catalog-pro", "name": {"en": "Catalog"}, "applications": ["catalog"]}
    await identity.deliver("shop.product.changed.v1", product, subject="prd_catalog")

    async def codes() -> list[str]:
        async with as_person(identity, person) as me:
            return [tile["code"] for tile in (await me.get("/api/v1/apps")).json()["items"]]

    async def say(grants: list[dict], sequence: int) -> None:
        snapshot = {"email": person["email"], "product_code": "catalog-pro", "grants": grants}
        await identity.deliver(CHANGED, snapshot, subject="ent_one", sequence=sequence)

    assert await codes() == []
    await say([a_grant("org_x")], 1)
    assert await codes() == ["catalog"]
    await say([], 3)
    assert await codes() == []
    await say([a_grant("org_x")], 2)
    assert await codes() == []
    await say([a_grant("org_x")], 4)
    assert await codes() == ["catalog"]
