"""The inner route that hands out links for mails."""

import asyncio

from sqlalchemy import text

from tests.harness.service import RunningService
from tests.identity.people import active, an_address, an_owner, as_owner, invited

PATH = "/internal/action-links"


async def ask_for_all(identity: RunningService, *wanted: dict) -> list[dict]:
    items = [{"purpose": "activation"} | one for one in wanted]
    async with identity.internal() as internal:
        answer = await internal.post(PATH, json={"items": items})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def ask(identity: RunningService, **said: object) -> dict:
    (answer,) = await ask_for_all(identity, said)
    assert answer["code"] is None
    return answer["link"]


async def test_only_services_get_links(identity: RunningService) -> None:
    owner = await an_owner(identity)
    body = {"items": [{"email": owner["email"], "purpose": "activation"}]}
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


async def test_something_that_is_no_address_is_refused_and_the_others_are_answered(identity: RunningService) -> None:
    owner = await an_owner(identity)

    refused, answered = await ask_for_all(identity, {"email": "nobody"}, {"email": owner["email"]})

    assert refused == {"link": None, "code": "invalid_email"}
    assert answered["link"]["account_id"] == owner["id"]


async def test_many_links_are_answered_in_the_order_of_the_question(identity: RunningService) -> None:
    known, done, new = await invited(identity), await active(identity), an_address("new")
    upper = known["email"].upper()
    wanted = [
        {"email": known["email"]},
        {"email": new, "name": "Nuova", "locale": "it"},
        {"email": done["email"], "purpose": "recovery"},
        {"email": an_address("unasked"), "purpose": "email"},
        {"email": upper},
        {"email": new},
    ]

    answers = await ask_for_all(identity, *wanted)

    assert [answer["code"] for answer in answers] == [None, None, None, "nothing_pending", None, None]
    links = [answer["link"] for answer in answers if answer["link"]]
    assert [link["account_id"] for link in links][:1] == [known["id"]]
    assert [link["account_id"] for link in links][2:4] == [done["id"], known["id"]]
    assert links[1]["account_id"] == links[4]["account_id"]
    assert (links[1]["name"], links[1]["locale"]) == ("Nuova", "it")
    assert len({link["url"] for link in links}) == 5
    async with identity.anonymous() as browser:
        for link in links:
            assert (await browser.get(link["url"])).status_code == 200


async def test_of_two_links_asked_for_at_once_the_later_supersedes_the_earlier(identity: RunningService) -> None:
    waiting, done = await invited(identity), await active(identity)
    first, second, third, fourth, fifth = await ask_for_all(
        identity,
        {"email": waiting["email"]},
        {"email": waiting["email"], "supersede": True},
        {"email": waiting["email"]},
        {"email": done["email"], "purpose": "recovery"},
        {"email": done["email"], "purpose": "recovery"},
    )

    async with identity.anonymous() as browser:
        answers = [
            (await browser.get(answer["link"]["url"])).status_code for answer in (first, second, third, fourth, fifth)
        ]

    assert answers == [410, 200, 200, 410, 200]


async def test_a_wave_of_new_addresses_asked_for_twice_at_once_makes_each_account_once(
    identity: RunningService,
) -> None:
    wanted = [{"email": an_address("wave")} for _ in range(60)]

    one, other = await asyncio.gather(ask_for_all(identity, *wanted), ask_for_all(identity, *reversed(wanted)))

    ids = [answer["link"]["account_id"] for answer in one]
    assert ids == [answer["link"]["account_id"] for answer in reversed(other)]
    assert len(set(ids)) == 60
    invitations = [told["email"] for told in await identity.published("identity.account.invited.v1")]
    assert sorted(email for email in invitations if email.startswith("wave-")) == sorted(one["email"] for one in wanted)


async def test_more_than_a_hundred_links_at_once_are_refused(identity: RunningService) -> None:
    items = [{"email": an_address(), "purpose": "activation"} for _ in range(101)]
    async with identity.internal() as internal:
        assert (await internal.post(PATH, json={"items": items})).status_code == 422
        assert (await internal.post(PATH, json={"items": []})).status_code == 422
