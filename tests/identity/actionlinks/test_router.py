"""The inner route that hands out links for mails."""

import asyncio

from sqlalchemy import text

from tests.harness.service import RunningService
from tests.identity.people import active, an_address, an_owner, as_owner, invited

PATH = "/internal/action-links"


async def ask(identity: RunningService, **said: object) -> dict:
    async with identity.internal() as internal:
        answer = await internal.post(PATH, json={"purpose": "activation"} | said)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_only_services_get_links(identity: RunningService) -> None:
    owner = await an_owner(identity)
    body = {"email": owner["email"], "purpose": "activation"}
    async with identity.anonymous() as nobody:
        assert (await nobody.post(PATH, json=body)).status_code == 401
    async with as_owner(identity, owner) as person:
        assert (await person.post(PATH, json=body)).status_code == 403
    async with identity.operator() as operator:
        assert (await operator.post(PATH, json=body)).status_code == 403


async def test_the_link_fits_the_account(identity: RunningService) -> None:
    waiting, done, closed = await invited(identity), await active(identity), await active(identity)
    async with identity.operator() as operator:
        await operator.post(f"/api/v1/accounts/{closed['id']}/disable")

    answers = {
        (name, purpose): await ask(identity, email=account["email"], purpose=purpose)
        for name, account in (("waiting", waiting), ("done", done), ("closed", closed))
        for purpose in ("activation", "recovery")
    }

    begins = {key: (answer["url"] or "").rpartition("/")[0] for key, answer in answers.items()}
    assert begins == {
        ("waiting", "activation"): "http://localhost:8080/activate",
        ("waiting", "recovery"): "http://localhost:8080/activate",
        ("done", "activation"): "",
        ("done", "recovery"): "http://localhost:8080/recover",
        ("closed", "activation"): "",
        ("closed", "recovery"): "",
    }
    assert answers["waiting", "activation"] | {"url": None} == {
        "account_id": waiting["id"],
        "status": "invited",
        "url": None,
        "locale": "de",
        "name": waiting["name"],
    }


async def test_an_unknown_address_gets_an_account_once(identity: RunningService) -> None:
    email = an_address("new")
    answers = await asyncio.gather(*[ask(identity, email=email, locale="it-CH", name="Nuova") for _ in range(5)])

    assert len({answer["account_id"] for answer in answers}) == 1
    assert len({answer["url"] for answer in answers}) == 5
    assert answers[0]["locale"] == "it"
    invitations = [one for one in await identity.published("identity.account.invited.v1") if one["email"] == email]
    assert [one["reason"] for one in invitations] == ["assignment"]


async def test_no_link_stands_in_the_database_or_in_an_event(identity: RunningService) -> None:
    token = (await ask(identity, email=an_address()))["url"].rpartition("/")[2]
    async with identity.runtime.database.read() as reader:
        rows = await reader.all(text("SELECT row_to_json(action_links)::text AS row FROM action_links"))
    assert all(token not in row.row for row in rows)
    assert token not in str(await identity.envelopes())


async def test_something_that_is_no_address_is_refused(identity: RunningService) -> None:
    async with identity.internal() as internal:
        answer = await internal.post(PATH, json={"email": "nobody", "purpose": "activation"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "invalid_email"
