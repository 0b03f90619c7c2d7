"""What the shop learns from identity: once, twice, out of order."""

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.shop.builders import a_customer

ORGANIZATION = {"name": "New", "country": "de", "locale": None, "time_zone": None, "vat_id": None, "origin": "new"}


async def customer_of(shop: RunningService, organization_id: str) -> dict[str, object]:
    """The customer as operators see it."""
    return dict((await shop.operator().get(f"/api/v1/customers/{organization_id}")).json())


def member(organization_id: str, member_id: str, **changes: object) -> dict[str, object]:
    """A member as identity tells of one."""
    return {
        "member_id": member_id,
        "organization_id": organization_id,
        "account_id": "acc_1",
        "email": "erika@new.example",
        "name": "Erika Anna Muster",
        "roles": ["owner"],
        "status": "active",
        **changes,
    }


async def test_an_organization_becomes_a_customer_of_its_countrys_region(shop: RunningService) -> None:
    organization_id = new_id("org")

    event_id = await shop.deliver(
        "identity.organization.created.v1",
        {"organization_id": organization_id, **ORGANIZATION},
        subject=organization_id,
    )
    await shop.deliver(
        "identity.organization.created.v1",
        {"organization_id": organization_id, **ORGANIZATION, "name": "Twice"},
        subject=organization_id,
        event_id=event_id,
    )

    customer = await customer_of(shop, organization_id)
    assert (customer["company"], customer["region"], customer["country"]) == ("New", "eu", "DE")
    assert (customer["locale"], customer["time_zone"]) == ("de", "Europe/Berlin")


async def test_the_first_owner_is_the_buyer_whichever_news_comes_first(shop: RunningService) -> None:
    organization_id, member_id = new_id("org"), new_id("mem")

    await shop.deliver("identity.member.added.v1", member(organization_id, member_id), subject=member_id)
    await shop.deliver(
        "identity.organization.created.v1",
        {"organization_id": organization_id, **ORGANIZATION},
        subject=organization_id,
    )

    customer = await customer_of(shop, organization_id)
    assert (customer["email"], customer["first_name"], customer["last_name"]) == (
        "erika@new.example",
        "Erika Anna",
        "Muster",
    )


async def test_the_buyers_new_address_is_followed_and_older_news_is_not(shop: RunningService) -> None:
    customer = await a_customer(shop)
    member_id = new_id("mem")
    added = member(customer.id, member_id, email=customer.email)
    await shop.deliver("identity.member.added.v1", added, subject=member_id, sequence=1)

    moved = {**added, "email": "new@new.example"}
    await shop.deliver("identity.member.changed.v1", moved, subject=member_id, sequence=3)
    late = {**added, "email": "late@new.example"}
    await shop.deliver("identity.member.changed.v1", late, subject=member_id, sequence=2)

    assert (await customer_of(shop, customer.id))["email"] == "new@new.example"


async def test_a_removed_member_does_not_come_back_by_late_news(shop: RunningService) -> None:
    customer = await a_customer(shop)
    member_id = new_id("mem")
    body = member(customer.id, member_id, roles=["member"], email="colleague@new.example")

    await shop.deliver("identity.member.removed.v1", body, subject=member_id, sequence=2)
    await shop.deliver("identity.member.added.v1", body, subject=member_id, sequence=1)

    document = (await shop.operator().get(f"/api/v1/customers/{customer.id}/export")).json()
    assert [each["email"] for each in document["members"]] == [customer.email]


async def test_an_organization_is_followed_but_what_the_buyer_entered_in_the_shop_stays(shop: RunningService) -> None:
    customer = await a_customer(shop)
    await customer.buyer.patch(
        "/api/v1/customer", json={"vat_id": "FR40303265045", "billing_address": {"country": "FR"}}
    )

    for _ in range(2):
        await shop.deliver(
            "identity.organization.changed.v1",
            {
                "organization_id": customer.id,
                "name": "Renamed",
                "country": "DE",
                "locale": "fr",
                "time_zone": "Europe/Paris",
                "vat_id": None,
            },
            subject=customer.id,
        )

    seen = await customer_of(shop, customer.id)
    assert (seen["company"], seen["locale"], seen["time_zone"]) == ("Renamed", "fr", "Europe/Paris")
    assert (seen["vat_id"], seen["country"]) == ("FR40303265045", "FR")
