"""When the shop transfers an organization, puts it back, or changes a product."""

from datetime import timedelta
from typing import Any

from tests.harness.service import RunningService
from tests.identity.people import active, as_person, choose_password, link_for
from tests.identity.reactions.facts import a_grant, a_transfer, an_assignment

TRANSFERRED = "shop.transfer.transferred.v1"
ROLLED_BACK = "shop.transfer.rolled_back.v1"


async def transferred(identity: RunningService, fact: dict[str, Any], **how: Any) -> str:
    return await identity.deliver(TRANSFERRED, fact, subject=fact["transfer_id"], **how)


async def rolled_back(identity: RunningService, fact: dict[str, Any], **how: Any) -> str:
    return await identity.deliver(ROLLED_BACK, fact, subject=fact["transfer_id"], **how)


async def the_account(identity: RunningService, fact: dict[str, Any]) -> dict[str, Any] | None:
    async with identity.operator() as operator:
        found = (await operator.get("/api/v1/accounts", params={"email": fact["buyer"]["email"]})).json()["items"]
        return (await operator.get(f"/api/v1/accounts/{found[0]['id']}")).json() if found else None


async def the_organization(identity: RunningService, fact: dict[str, Any]) -> dict[str, Any] | None:
    async with identity.operator() as operator:
        answer = await operator.get(f"/api/v1/organizations/{fact['organization']['id']}")
        return answer.json() if answer.status_code == 200 else None


async def told(identity: RunningService, kind: str, organization_id: str) -> list[dict[str, Any]]:
    return [event for event in await identity.published(kind) if event.get("organization_id") == organization_id]


async def test_a_transfer_makes_organization_account_and_membership(identity: RunningService) -> None:
    fact = a_transfer()
    await transferred(identity, fact)

    organization, account = await the_organization(identity, fact), await the_account(identity, fact)
    assert organization is not None
    assert organization["origin"] == "transferred"
    assert organization["vat_id"] == "FR12345678901"
    assert organization["time_zone"] == "Europe/Paris"
    assert account is not None
    assert account["status"] == "invited"
    assert account["name"] == "Anne Ancienne"
    assert account["locale"] == "fr"
    assert [one["roles"] for one in account["memberships"]] == [["owner"]]
    (invitation,) = await told(identity, "identity.account.invited.v1", organization["id"])
    assert invitation["reason"] == "transfer"


async def test_hearing_of_it_twice_changes_nothing(identity: RunningService) -> None:
    fact = a_transfer()
    event_id = await transferred(identity, fact, sequence=1)
    await transferred(identity, fact, sequence=1, event_id=event_id)
    await transferred(identity, fact, sequence=1)

    organization_id = fact["organization"]["id"]
    for kind in ("account.invited", "organization.created", "member.added"):
        assert len(await told(identity, f"identity.{kind}.v1", organization_id)) == 1


async def test_an_existing_person_becomes_owner_without_a_second_account(identity: RunningService) -> None:
    person = await active(identity)
    fact = a_transfer()
    fact["buyer"]["email"] = person["email"].upper()
    await transferred(identity, fact)

    account = await the_account(identity, fact)
    assert account is not None
    assert account["id"] == person["id"]
    assert account["status"] == "active"
    (member,) = await told(identity, "identity.member.added.v1", fact["organization"]["id"])
    assert member["status"] == "active"


async def test_the_mail_may_ask_for_its_link_before_the_event_arrives(identity: RunningService) -> None:
    fact = a_transfer()
    path = await link_for(identity, fact["buyer"]["email"])
    async with identity.anonymous() as browser:
        assert (await choose_password(browser, path)).status_code == 303
    await transferred(identity, fact)

    account = await the_account(identity, fact)
    assert account is not None
    assert account["status"] == "active"
    assert account["organization_id"] == fact["organization"]["id"]


async def test_a_roll_back_takes_everything_back(identity: RunningService) -> None:
    fact = a_transfer()
    await transferred(identity, fact)
    path = await link_for(identity, fact["buyer"]["email"])
    await rolled_back(identity, fact)

    assert await the_account(identity, fact) is None
    assert await the_organization(identity, fact) is None
    assert len(await told(identity, "identity.member.removed.v1", fact["organization"]["id"])) == 1
    async with identity.anonymous() as browser:
        assert (await browser.get(path)).status_code == 410


async def test_a_roll_back_that_overtakes_the_transfer_wins(identity: RunningService) -> None:
    fact = a_transfer()
    await rolled_back(identity, fact, sequence=6)
    await transferred(identity, fact, sequence=5)

    assert await the_account(identity, fact) is None
    assert await the_organization(identity, fact) is None


async def test_a_second_try_after_a_roll_back_brings_everything_again(identity: RunningService) -> None:
    fact = a_transfer()
    await transferred(identity, fact)
    await rolled_back(identity, fact)
    await transferred(identity, fact)

    organization, account = await the_organization(identity, fact), await the_account(identity, fact)
    assert organization is not None
    assert account is not None
    assert account["organization_id"] == organization["id"]


async def test_who_has_activated_stays(identity: RunningService) -> None:
    fact = a_transfer()
    await transferred(identity, fact)
    identity.clock.advance(timedelta(minutes=5))
    async with identity.anonymous() as browser:
        await choose_password(browser, await link_for(identity, fact["buyer"]["email"]))
    await rolled_back(identity, fact)

    account = await the_account(identity, fact)
    assert account is not None
    assert account["status"] == "active"
    assert await the_organization(identity, fact) is not None


async def test_a_person_who_was_here_before_only_leaves_the_organization(identity: RunningService) -> None:
    person = await active(identity)
    identity.clock.advance(timedelta(minutes=5))
    fact = a_transfer()
    fact["buyer"]["email"] = person["email"]
    await transferred(identity, fact)
    await rolled_back(identity, fact)

    account = await the_account(identity, fact)
    assert account is not None
    assert account["status"] == "active"
    assert account["memberships"] == []
    assert await the_organization(identity, fact) is None


async def test_a_buyer_whom_another_organization_gave_a_seat_keeps_the_account(identity: RunningService) -> None:
    fact, other = a_transfer(), a_transfer()
    email = fact["buyer"]["email"]
    await transferred(identity, fact)
    await transferred(identity, other)
    assignment = an_assignment(email, other["organization"]["id"])
    await identity.deliver("licensing.assignment.created.v1", assignment, subject=assignment["assignment"]["id"])
    snapshot = {"email": email, "product_code": "catalog", "grants": [a_grant(other["organization"]["id"])]}
    await identity.deliver("licensing.entitlement.changed.v1", snapshot, subject=f"ent_{email}")
    await rolled_back(identity, fact)

    account = await the_account(identity, fact)
    assert account is not None
    assert account["memberships"] == []


async def test_of_two_words_about_a_product_the_later_counts(identity: RunningService) -> None:
    async with identity.operator() as operator:
        for code in ("scanner", "viewer"):
            await operator.post(
                "/api/v1/applications", json={"code": code, "name": code, "launch_url": f"https://{code}.example/"}
            )
    person = await active(identity)
    snapshot = {"email": person["email"], "product_code": "kit", "grants": [a_grant("org_x")]}
    await identity.deliver("licensing.entitlement.changed.v1", snapshot, subject="ent_kit")
    product = {"product_code": "kit", "name": {"en": "Kit"}, "description": {}, "status": "active"}
    for sequence, codes in ((2, ["viewer"]), (1, ["scanner"])):
        await identity.deliver(
            "shop.product.changed.v1", product | {"applications": codes}, subject="prd_kit", sequence=sequence
        )

    async with as_person(identity, person) as me:
        tiles = (await me.get("/api/v1/apps")).json()["items"]
    assert [tile["code"] for tile in tiles] == ["viewer"]
