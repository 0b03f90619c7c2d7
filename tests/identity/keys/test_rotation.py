"""Signing keys take turns without an outage: RFC 7517, OpenID Connect Core 1.0 §10.1.1."""

import asyncio
from datetime import timedelta
from typing import Any

from chassis.kernel.clock import FrozenClock, SystemClock
from identity.keys.load import load_keys
from identity.keys.ring import KeyRing
from identity.keys.rotate import rotate_what_is_due
from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, read_jwt, tokens_for, userinfo


async def kids(identity: RunningService) -> set[str]:
    """The keys that are published."""
    async with identity.anonymous() as http:
        return {key["kid"] for key in (await http.get("/oauth2/jwks")).json()["keys"]}


async def rotated(identity: RunningService) -> list[dict[str, Any]]:
    """The keys after a rotation by hand."""
    async with identity.operator() as operator:
        answer = await operator.post("/api/v1/signing-keys/rotate")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_new_tokens_carry_a_new_kid_and_old_ones_stay_good(identity: RunningService) -> None:
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    before = await tokens_for(app, browser)
    old_header, _ = await read_jwt(identity, before["access_token"])
    published_before = await kids(identity)

    await rotated(identity)

    after = await tokens_for(app, browser)
    new_header, _ = await read_jwt(identity, after["access_token"])
    assert new_header["kid"] != old_header["kid"]
    assert new_header["kid"] in published_before, "a key is published before it signs"
    assert old_header["kid"] in await kids(identity)
    assert (await userinfo(identity, before["access_token"])).status_code == 200


async def test_of_every_algorithm_one_signs_and_one_waits(identity: RunningService) -> None:
    await asyncio.gather(*[rotated(identity) for _ in range(4)])
    keys = await rotated(identity)

    in_use = sorted((key["algorithm"], key["state"]) for key in keys if key["state"] != "retired")
    assert in_use == [("ES256", "active"), ("ES256", "next"), ("RS256", "active"), ("RS256", "next")]
    assert all("private" not in key for key in keys)


async def test_retired_keys_leave_the_key_set_but_still_verify_hints(identity: RunningService) -> None:
    """RP-Initiated Logout 1.0 §2: an expired id token is still a hint."""
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    tokens = await tokens_for(app, browser)
    header, _ = await read_jwt(identity, tokens["id_token"])
    await rotated(identity)
    edges = identity.runtime.edges
    later = SystemClock().now() + timedelta(hours=3)
    async with identity.runtime.database.read() as reader:
        await load_keys(reader, edges.keys, edges.vault, now=later)

    assert header["kid"] not in await kids(identity)
    answer = await browser.get("/oauth2/logout", params={"id_token_hint": tokens["id_token"]})
    assert answer.headers["location"] == "/signed-out"


async def test_a_key_signs_for_ninety_days(identity: RunningService) -> None:
    edges = identity.runtime.edges
    clock = FrozenClock(SystemClock().now() + timedelta(days=89))
    async with identity.runtime.database.transaction() as tx:
        early = await rotate_what_is_due(tx, edges.vault, now=clock.now())
        clock.advance(timedelta(days=2))
        due = await rotate_what_is_due(tx, edges.vault, now=clock.now())
        again = await rotate_what_is_due(tx, edges.vault, now=clock.now())

    assert (early, due, again) == (False, True, False)


async def test_another_process_signs_with_the_same_keys(identity: RunningService) -> None:
    """The ring of a second process, filled from the database."""
    edges = identity.runtime.edges
    async with identity.runtime.database.read() as reader:
        await load_keys(reader, edges.keys, edges.vault, now=SystemClock().now())
        other = KeyRing()
        await load_keys(reader, other, edges.vault, now=SystemClock().now())

    token = other.sign({"sub": "x"}, typ="at+jwt")

    assert edges.keys.verify(token, typ="at+jwt") == {"sub": "x"}
