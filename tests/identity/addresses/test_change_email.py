"""Another e-mail address: verified by a link, told to the old one, taken from nobody."""

from typing import Any

import pytest

from identity.accounts.verify_password import verify_password
from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, an_address, as_person, invited, link_for


async def ask(identity: RunningService, person: dict[str, Any], new_email: str, password: str = PASSWORD) -> int:
    async with as_person(identity, person) as me:
        body = {"new_email": new_email, "current_password": password}
        return (await me.post("/api/v1/me/email", json=body)).status_code


async def requested(identity: RunningService, new_email: str) -> list[dict[str, Any]]:
    events = await identity.published("identity.account.email_change_requested.v1")
    return [event for event in events if event["email"] == new_email]


async def test_the_new_address_counts_once_its_link_is_used(identity: RunningService) -> None:
    person, new = await active(identity), an_address("new")
    assert await ask(identity, person, new.upper()) == 202
    assert len(await requested(identity, new)) == 1
    path = await link_for(identity, new, "email")
    assert path.startswith("/activate/email/")
    assert await verify_password(identity.runtime, email=new, password=PASSWORD) is None

    async with identity.anonymous() as browser:
        looks = [(await browser.get(path)).status_code for _ in range(5)]
        used = await browser.post(path)
        again = await browser.post(path)

    assert looks == [200] * 5
    assert used.status_code == 303
    assert again.status_code == 410
    assert await verify_password(identity.runtime, email=new, password=PASSWORD) is not None
    assert await verify_password(identity.runtime, email=person["email"], password=PASSWORD) is None
    changed = await identity.published("identity.account.email_changed.v1")
    (told,) = [event for event in changed if event["account_id"] == person["id"]]
    assert (told["previous_email"], told["email"]) == (person["email"], new)


async def test_an_address_of_somebody_else_gets_no_mail_and_nobody_learns_it(identity: RunningService) -> None:
    person, other = await active(identity), await invited(identity)
    assert await ask(identity, person, other["email"]) == 202
    assert await requested(identity, other["email"]) == []


async def test_an_address_taken_meanwhile_cannot_be_confirmed(identity: RunningService) -> None:
    person, new = await active(identity), an_address("contested")
    await ask(identity, person, new)
    path = await link_for(identity, new, "email")
    await invited(identity, email=new)
    async with identity.anonymous() as browser:
        answer = await browser.post(path)
    assert answer.status_code == 410
    assert await verify_password(identity.runtime, email=person["email"], password=PASSWORD) is not None


@pytest.mark.parametrize(("new_email", "password"), [("no address", PASSWORD), ("a@new.example", "wrong")])
async def test_what_is_refused(identity: RunningService, new_email: str, password: str) -> None:
    assert await ask(identity, await active(identity), new_email, password) == 422


async def test_no_link_without_a_wish(identity: RunningService) -> None:
    async with identity.internal() as internal:
        items = [{"email": "nobody@wishes.example", "purpose": "email"}]
        answer = await internal.post("/internal/action-links", json={"items": items})
    assert answer.json() == {"items": [{"link": None, "code": "nothing_pending"}]}
