"""A new customer comes by themselves."""

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.identity.people import active, an_address

COMPANY = {"name": "Neu SARL", "country": "FR"}


async def events_about(identity: RunningService, kind: str, email: str) -> list[dict]:
    return [event for event in await identity.published(kind) if event["email"] == email]


async def test_a_registration_makes_organization_owner_and_mail(identity: RunningService) -> None:
    email = an_address("neu")
    async with identity.anonymous() as visitor:
        answer = await visitor.post(
            "/api/v1/registrations", json={"email": email, "name": "Nina Neu", "organization": COMPANY}
        )

    assert answer.status_code == 202
    assert answer.json() == {"status": "accepted"}
    (invitation,) = await events_about(identity, "identity.account.invited.v1", email)
    assert invitation["reason"] == "registration"
    assert invitation["locale"] == "fr"
    (member,) = await events_about(identity, "identity.member.added.v1", email)
    assert member["roles"] == ["owner"]
    (organization,) = [
        event
        for event in await identity.published("identity.organization.created.v1")
        if event["organization_id"] == member["organization_id"]
    ]
    assert organization["time_zone"] == "Europe/Paris"
    assert organization["origin"] == "new"


async def test_a_known_address_gets_the_same_answer_and_no_second_organization(identity: RunningService) -> None:
    account = await active(identity)
    before = len(await identity.published("identity.organization.created.v1"))
    async with identity.anonymous() as visitor:
        answer = await visitor.post(
            "/api/v1/registrations",
            json={"email": account["email"], "name": "Somebody Else", "organization": COMPANY},
        )

    assert answer.status_code == 202
    assert len(await identity.published("identity.organization.created.v1")) == before
    assert await eventually(lambda: events_about(identity, "identity.account.recovery_requested.v1", account["email"]))


async def test_invalid_input_is_named_field_by_field(identity: RunningService) -> None:
    async with identity.anonymous() as visitor:
        no_address = await visitor.post(
            "/api/v1/registrations", json={"email": "nobody", "name": "N", "organization": COMPANY}
        )
        no_country = await visitor.post(
            "/api/v1/registrations",
            json={"email": an_address(), "name": "N", "organization": {"name": "X", "country": "Germany"}},
        )
    assert no_address.status_code == no_country.status_code == 422
    assert no_address.json()["errors"][0]["pointer"] == "/email"
    assert no_country.json()["errors"][0]["pointer"] == "/organization/country"
