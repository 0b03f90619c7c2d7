"""A forgotten password: nobody learns who has an account, and the link works once."""

import asyncio

from identity.accounts.verify_password import verify_password
from tests.harness.service import RunningService
from tests.identity.people import OTHER_PASSWORD, PASSWORD, active, choose_password, invited, link_for


async def requests_for(identity: RunningService, kind: str, account_id: str) -> list[dict]:
    events = await identity.published(f"identity.account.{kind}.v1")
    return [event for event in events if event["account_id"] == account_id]


async def test_the_answer_is_the_same_whether_or_not_there_is_an_account(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.anonymous() as browser:
        known = await browser.post("/recover", data={"email": account["email"]})
        unknown = await browser.post("/recover", data={"email": "nobody@muster.example"})

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(account["email"], "") == unknown.text.replace("nobody@muster.example", "")
    assert len(await requests_for(identity, "recovery_requested", account["id"])) == 1


async def test_who_never_activated_gets_the_activation_mail_again(identity: RunningService) -> None:
    account = await invited(identity)
    async with identity.anonymous() as browser:
        await browser.post("/recover", data={"email": account["email"].upper()})

    (request,) = await requests_for(identity, "activation_requested", account["id"])
    assert request["reason"] == "recovery"
    assert await requests_for(identity, "recovery_requested", account["id"]) == []


async def test_a_disabled_account_gets_no_mail(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.operator() as operator:
        await operator.post(f"/api/v1/accounts/{account['id']}/disable")
    async with identity.anonymous() as browser:
        answer = await browser.post("/recover", data={"email": account["email"]})

    assert answer.status_code == 200
    assert await requests_for(identity, "recovery_requested", account["id"]) == []


async def test_nobody_fills_a_strangers_mailbox(identity: RunningService) -> None:
    account = await active(identity)
    async with identity.anonymous() as browser:
        answers = [await browser.post("/recover", data={"email": account["email"]}) for _ in range(8)]

    assert {answer.status_code for answer in answers} == {200}
    assert len(await requests_for(identity, "recovery_requested", account["id"])) == 5


async def test_something_that_is_no_address_is_shown_again(identity: RunningService) -> None:
    async with identity.anonymous() as browser:
        form = await browser.get("/recover")
        answer = await browser.post("/recover", data={"email": "<b>nobody"})

    assert 'name="email"' in form.text
    assert answer.status_code == 422
    assert "<b>nobody" not in answer.text


async def test_the_link_sets_a_new_password_once_and_signs_everybody_out(identity: RunningService) -> None:
    account = await active(identity)
    path = await link_for(identity, account["email"], "recovery")
    assert path.startswith("/recover/")

    async with identity.anonymous() as browser:
        looks = [(await browser.get(path)).status_code for _ in range(5)]
        invalid = await choose_password(browser, path, "short")
        answer = await choose_password(browser, path, OTHER_PASSWORD)
        again = await choose_password(browser, path, OTHER_PASSWORD)

    assert looks == [200] * 5
    assert invalid.status_code == 422
    assert 'name="password_confirmation"' in invalid.text
    assert answer.status_code == 303
    assert again.status_code == 410
    assert await verify_password(identity.runtime, email=account["email"], password=PASSWORD) is None
    assert await verify_password(identity.runtime, email=account["email"], password=OTHER_PASSWORD) is not None
    assert len(await requests_for(identity, "password_changed", account["id"])) == 1
    assert [event["reason"] for event in await requests_for_session(identity, account["id"])] == ["password_changed"]


async def requests_for_session(identity: RunningService, account_id: str) -> list[dict]:
    events = await identity.published("identity.session.ended.v1")
    return [event for event in events if event["account_id"] == account_id]


async def test_a_newer_link_replaces_the_older_one(identity: RunningService) -> None:
    account = await active(identity)
    older = await link_for(identity, account["email"], "recovery")
    newer = await link_for(identity, account["email"], "recovery")
    async with identity.anonymous() as browser:
        assert (await browser.get(older)).status_code == 410
        assert (await browser.get(newer)).status_code == 200


async def test_of_two_submissions_at_once_one_wins(identity: RunningService) -> None:
    account = await active(identity)
    path = await link_for(identity, account["email"], "recovery")
    async with identity.anonymous() as one, identity.anonymous() as other:
        answers = await asyncio.gather(
            choose_password(one, path, OTHER_PASSWORD), choose_password(other, path, OTHER_PASSWORD)
        )
    assert sorted(answer.status_code for answer in answers) == [303, 410]
