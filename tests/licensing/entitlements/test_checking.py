"""Entitlement checks over HTTP: one, many, explained, signed."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import orjson
from fastapi import APIRouter
from joserfc import jws
from joserfc.jwk import KeySet

from chassis.http.app import create_app
from chassis.kernel.ids import new_id
from licensing.main import entitlement_check, service
from tests.licensing.world import Customer, World


async def test_many_questions_are_answered_in_their_order(world: World) -> None:
    customer = Customer()
    await world.start(customer)
    asked = [
        {"product": "cad-pro", "email": customer.buyer_email.upper()},
        {"product": "nothing", "email": customer.buyer_email},
        {"product": "cad-pro", "email": "nobody"},
        {"product": "cad-pro", "email": customer.buyer_email},
    ]
    async with world.manager(customer) as client:
        listed = await client.post("/api/v1/entitlements/check", json={"items": asked})
        bare = await client.post("/api/v1/entitlements/check", json=asked)
        empty = await client.post("/api/v1/entitlements/check", json=[])
        too_many = await client.post("/api/v1/entitlements/check", json=[asked[0]] * 1001)
        at_limit = await client.post("/api/v1/entitlements/check", json=[asked[0]] * 1000)

    reasons = [item["reason"] for item in listed.json()["items"]]
    assert reasons == ["assigned", "unknown_product", "not_assigned", "assigned"]
    assert listed.json() == bare.json()
    assert listed.json()["items"][0]["email"] == customer.buyer_email
    assert empty.json()["items"] == []
    assert too_many.status_code == 422
    assert len(at_limit.json()["items"]) == 1000


async def test_questions_that_come_at_once_each_get_their_own_answer(world: World) -> None:
    customer, other = Customer(), Customer()
    await world.start(customer)
    await world.start(other)

    answers = await asyncio.gather(
        *[world.check(who, who.buyer_email) for who in (customer, other) for _ in range(20)],
        *[world.check(customer, other.buyer_email) for _ in range(20)],
    )

    assert [answer["allowed"] for answer in answers] == [True] * 40 + [False] * 20
    assert {answer["email"] for answer in answers[:20]} == {customer.buyer_email}


async def test_a_question_that_cannot_be_asked_spoils_no_other(world: World) -> None:
    customer = Customer()
    await world.start(customer)
    async with world.manager(customer) as client:

        async def ask(**params: str) -> httpx.Response:
            usual = {"product": "cad-pro", "email": customer.buyer_email}
            return await client.get("/api/v1/entitlements/check", params=usual | params)

        spoiled = [{"email": "a\x00@x.eu"}, {"product": "\x00"}]
        answers = await asyncio.gather(*[ask(**params) for params in [{}, *spoiled, {}] * 8])

    assert [answer.status_code for answer in answers] == [200, 400, 400, 200] * 8
    assert answers[1].json()["type"].endswith("/problems/malformed-request")


async def test_what_is_wrong_with_a_question_is_pointed_at(world: World) -> None:
    question = {"product": "cad-pro", "email": "a@x.eu"}
    async with world.manager(Customer()) as client:

        async def pointers(body: object) -> list[str]:
            answer = await client.post("/api/v1/entitlements/check", json=body)
            assert answer.status_code == 422, answer.text
            return [error["pointer"] for error in answer.json()["errors"]]

        assert await pointers({}) == ["/items"]
        assert await pointers({"items": [question, {"product": "cad-pro"}]}) == ["/items/1"]
        assert await pointers({"items": [question | {"more": 1}]}) == ["/items/0/more"]
        assert await pointers([question, {"email": "a@x.eu"}]) == ["/1/product"]
        assert await pointers([question] * 1001) == ["/"]
        assert await pointers({"items": [question] * 1001}) == ["/items"]
        assert await pointers("nonsense") == ["/"]


async def test_a_person_is_asked_about_by_account_too(world: World) -> None:
    """The account's address is told only to those who may ask about what it holds."""
    customer, other, jane, account = Customer(), Customer(), "jane@account.example", new_id("acc")
    _, license = await world.start(customer, quantity=2)
    await world.assign(customer, license["id"], jane)
    await world.service.deliver(
        "identity.account.invited.v1", {"account_id": account, "email": jane.upper()}, subject=account
    )
    by_account = {"product": "cad-pro", "account": account}
    async with world.manager(customer) as client, world.manager(other) as stranger:

        async def ask(who: httpx.AsyncClient, path: str = "/check", **params: str) -> dict[str, Any]:
            return (await who.get(f"/api/v1/entitlements{path}", params=by_account | params)).json()

        one, explained, listed = await ask(client), await ask(client, "/explain"), await ask(client, "")
        many = await client.post("/api/v1/entitlements/check", json=[by_account, by_account | {"account": "acc_none"}])
        proof = await client.get("/api/v1/entitlements/check", params=by_account, headers={"Accept": "application/jwt"})
        unknown, foreign = await ask(client, account="acc_none"), await ask(stranger)
        both, blank = await ask(client, email=jane), await ask(client, account=" ")

    assert (one["allowed"], one["email"], one["account"]) == (True, jane, account)
    assert listed["items"] == [one] == many.json()["items"][:1]
    assert (explained["email"], explained["reason"]) == (jane, "assigned")
    claims = orjson.loads(jws.extract_compact(proof.content).payload)
    assert (claims["sub"], claims["email"], claims["allowed"]) == (account, jane, True)
    for refused in (unknown, foreign, many.json()["items"][1]):
        assert (refused["allowed"], refused["reason"], refused["email"]) == (False, "not_assigned", None)
    assert (both["errors"][0]["pointer"], blank["errors"][0]["pointer"]) == ("?account", "?email")


async def test_an_accounts_newest_address_counts(world: World) -> None:
    customer, account = Customer(), new_id("acc")
    _, license = await world.start(customer, quantity=2)
    before, after = f"{account}@before.example", f"{account}@after.example"
    await world.assign(customer, license["id"], before)
    changed = {"account_id": account, "email": after, "previous_email": before}
    first = {"account_id": account, "email": before}
    again = await world.service.deliver("identity.account.email_changed.v1", changed, subject=account, sequence=3)
    await world.service.deliver("identity.account.activated.v1", first, subject=account, sequence=2)
    await world.service.deliver(
        "identity.account.email_changed.v1", changed, subject=account, sequence=3, event_id=again
    )

    async with world.manager(customer) as client:
        answer = await client.get("/api/v1/entitlements/check", params={"product": "cad-pro", "account": account})

    assert (answer.json()["allowed"], answer.json()["email"]) == (True, after)


async def test_missing_parameters_are_named(world: World) -> None:
    customer = Customer()
    async with world.manager(customer) as client:
        answer = await client.get("/api/v1/entitlements/check", params={"product": "cad-pro"})
        blank = await client.get("/api/v1/entitlements/check", params={"product": " ", "email": "a@x.eu"})

    assert (answer.status_code, blank.status_code) == (422, 422)
    assert answer.json()["errors"][0]["pointer"] == "?email"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_one_persons_products_are_listed(world: World) -> None:
    customer = Customer()
    await world.start(customer)
    await world.start(customer, product_code="data-plus")
    async with world.manager(customer) as client:
        mine = (await client.get("/api/v1/entitlements", params={"email": customer.buyer_email})).json()
        nobody = (await client.get("/api/v1/entitlements", params={"email": "nobody@x.eu"})).json()

    assert [(item["product"], item["allowed"]) for item in mine["items"]] == [("cad-pro", True), ("data-plus", True)]
    assert nobody == {"items": [], "next_cursor": None}


async def test_an_answer_is_explained(world: World) -> None:
    customer = Customer()
    _, license = await world.start(customer, quantity=2)
    (result,) = await world.assign(customer, license["id"], "jane@x.example")
    async with world.manager(customer) as client:
        await client.post(f"/api/v1/assignments/{result['assignment']['id']}/deactivate")
        await world.assign(
            customer,
            license["id"],
            "jane@x.example",
            first_day=str(world.today(customer) + timedelta(days=2)),
        )
        answer = await client.get(
            "/api/v1/entitlements/explain", params={"product": "cad-pro", "email": "jane@x.example"}
        )

    explained = answer.json()
    assert explained["reason"] == "not_started"
    assert explained["sentence"]
    assert [claim["reason"] for claim in explained["claims"]] == ["not_started", "deactivated"]
    assert {claim["license_status"] for claim in explained["claims"]} == {"active"}


async def test_another_organizations_seats_are_not_seen(world: World) -> None:
    """The same person may work for two companies; each of them sees its own."""
    one, other = Customer(), Customer()
    _, license = await world.start(one, quantity=2)
    await world.start(other)
    await world.assign(one, license["id"], "freelancer@x.example")

    assert await world.reason(one, "freelancer@x.example") == "assigned"
    assert await world.reason(other, "freelancer@x.example") == "not_assigned"
    async with world.service.operator() as client:
        anywhere = await client.get(
            "/api/v1/entitlements/check", params={"product": "cad-pro", "email": "freelancer@x.example"}
        )
        there = await client.get(
            "/api/v1/entitlements/check",
            params={"product": "cad-pro", "email": "freelancer@x.example", "organization": other.id},
        )
    assert (anywhere.json()["allowed"], there.json()["allowed"]) == (True, False)


async def test_a_partner_client_may_ask_about_its_registered_products_only(world: World) -> None:
    customer = Customer()
    await world.start(customer)
    await world.start(customer, product_code="data-plus")
    partner = world.service.client(
        scopes="entitlements:read", org=customer.id, subject="cli_1", client_id="cli_1", products=["cad-pro"]
    )
    async with partner as client:
        path = "/api/v1/entitlements/check"
        mine = await client.get(path, params={"product": "cad-pro", "email": customer.buyer_email})
        other = await client.get(path, params={"product": "data-plus", "email": customer.buyer_email})
        batch = await client.post(path, json=[{"product": "data-plus", "email": customer.buyer_email}])
        listed = await client.get("/api/v1/entitlements", params={"email": customer.buyer_email})
        explained = await client.get(
            "/api/v1/entitlements/explain", params={"product": "data-plus", "email": customer.buyer_email}
        )

    assert mine.json()["allowed"]
    assert {answer.status_code for answer in (other, batch, explained)} == {403}
    assert other.json()["type"].endswith("/problems/product-not-registered")
    assert [item["product"] for item in listed.json()["items"]] == ["cad-pro"]


async def test_the_vendors_application_asks_for_its_product_across_organizations(world: World) -> None:
    customer = Customer()
    await world.start(customer)
    application = world.service.client(
        scopes="entitlements:read", subject="cli_app", client_id="cli_app", products=["cad-pro"]
    )
    unlimited = world.service.client(scopes="entitlements:read", subject="cli_x", client_id="cli_x")
    question = {"product": "cad-pro", "email": customer.buyer_email}
    async with application as client:
        answer = await client.get("/api/v1/entitlements/check", params=question)
    async with unlimited as client:
        refused = await client.get("/api/v1/entitlements/check", params=question)

    assert answer.json()["allowed"]
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/problems/no-organization")


async def test_a_signed_answer_is_checked_with_the_published_keys(world: World) -> None:
    customer = Customer()
    await world.start(customer)
    async with world.manager(customer) as client:
        answer = await client.get(
            "/api/v1/entitlements/check",
            params={"product": "cad-pro", "email": customer.buyer_email},
            headers={"Accept": "application/jwt"},
        )
    async with world.service.anonymous() as client:
        keys = (await client.get("/api/v1/entitlements/keys")).json()

    assert answer.headers["content-type"] == "application/jwt"
    assert all("d" not in key for key in keys["keys"])
    signed = jws.deserialize_compact(answer.text, KeySet.import_key_set(keys), algorithms=["ES256"])
    claims = orjson.loads(signed.payload)
    assert signed.headers()["typ"] == "entitlement+jwt"
    assert claims["aud"] == "gateway"
    assert (claims["sub"], claims["product"]) == (customer.buyer_email, "cad-pro")
    assert (claims["allowed"], claims["reason"]) == (True, "assigned")
    assert 0 < claims["exp"] - time.time() <= 301


async def test_the_check_answers_alike_on_the_short_and_on_the_long_way(world: World) -> None:
    customer = Customer()
    await world.start(customer)
    inner = APIRouter()
    inner.include_router(entitlement_check)
    long_way = create_app(replace(service, routers=[inner]), world.service.runtime, in_background=False)
    path = "/api/v1/entitlements/check"
    asked = [
        {"product": "cad-pro", "email": customer.buyer_email},
        {"product": "cad-pro", "email": f" {customer.buyer_email.upper()} "},
        {"product": "cad-pro", "email": "nobody@x.example"},
        {"product": "nothing", "email": "nobody"},
        {"product": "", "email": customer.buyer_email},
        {"product": "cad-pro"},
    ]
    callers = [
        world.manager(customer),
        world.service.operator(),
        world.service.client(scopes="orders:read", org=customer.id),
        world.service.client(scopes="entitlements:read"),
        world.service.anonymous(),
        world.service.anonymous(headers={"Authorization": "Bearer nonsense"}),
    ]

    for caller in callers:
        transport = httpx.ASGITransport(app=long_way, raise_app_exceptions=False)
        other = httpx.AsyncClient(transport=transport, base_url=caller.base_url, headers=caller.headers)
        for params in asked:
            ids = {"X-Request-Id": "same", "traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
            short = await caller.get(path, params=params, headers=ids)
            long = await other.get(path, params=params, headers=ids)
            assert (short.status_code, short.headers, short.content) == (long.status_code, long.headers, long.content)
