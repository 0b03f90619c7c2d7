"""One's own second factor over the API, and how it is checked."""

import asyncio
import base64
import time

from sqlalchemy import text

from identity.mfa.rules import code_at
from identity.mfa.verify_second_factor import verify_second_factor
from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, as_person

PROVE = {"current_password": PASSWORD}


def present_code(secret: str, later: int = 0) -> str:
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return code_at(raw, int(time.time()) // 30 + later)


async def check(identity: RunningService, account_id: str, code: str) -> str | None:
    async with identity.runtime.database.transaction() as tx:
        return await verify_second_factor(tx, identity.runtime.edges.vault, account_id=account_id, code=code)


async def test_the_whole_life_of_a_second_factor(identity: RunningService) -> None:
    person = await active(identity)
    async with as_person(identity, person) as me:
        wrong = await me.post("/api/v1/me/mfa/totp", json={"current_password": "no"})
        early = await me.post("/api/v1/me/mfa/totp/confirm", json={"code": "123456"})
        begun = await me.post("/api/v1/me/mfa/totp", json=PROVE)
        secret = begun.json()["secret"]
        mistyped = await me.post("/api/v1/me/mfa/totp/confirm", json={"code": "abcdef"})
        confirmed = await me.post("/api/v1/me/mfa/totp/confirm", json={"code": present_code(secret)})
        twice = await me.post("/api/v1/me/mfa/totp", json=PROVE)
        state = (await me.get("/api/v1/me/mfa")).json()

    assert wrong.status_code == mistyped.status_code == 422
    assert early.status_code == twice.status_code == 409
    assert begun.status_code == 201
    codes = confirmed.json()["recovery_codes"]
    assert state == {"enabled": True, "recovery_codes_left": 10}
    assert await check(identity, person["id"], present_code(secret)) is None, "the code that confirmed counts no more"
    assert await check(identity, person["id"], present_code(secret, later=1)) == "otp"
    assert await check(identity, person["id"], codes[0].upper()) == "rec"
    assert await check(identity, person["id"], codes[0]) is None

    async with as_person(identity, person) as me:
        renewed = (await me.post("/api/v1/me/mfa/recovery-codes", json=PROVE)).json()["recovery_codes"]
        eight = await me.post("/api/v1/me/password", json={"current_password": PASSWORD, "new_password": "kq7 vz3x"})
        removed = await me.post("/api/v1/me/mfa/totp/remove", json={"current_password": "kq7 vz3x"})
        again = await me.post("/api/v1/me/mfa/totp/remove", json={"current_password": "kq7 vz3x"})

    assert set(renewed).isdisjoint(codes)
    assert eight.status_code == 204, "eight characters are enough beside a second factor"
    assert removed.status_code == 204
    assert again.status_code == 409
    assert await check(identity, person["id"], renewed[0]) is None


async def test_one_code_used_twice_at_once_counts_once(identity: RunningService) -> None:
    person = await active(identity)
    async with as_person(identity, person) as me:
        secret = (await me.post("/api/v1/me/mfa/totp", json=PROVE)).json()["secret"]
        await me.post("/api/v1/me/mfa/totp/confirm", json={"code": present_code(secret)})
    code = present_code(secret, later=1)
    answers = await asyncio.gather(*[check(identity, person["id"], code) for _ in range(4)])
    assert sorted(answer or "" for answer in answers) == ["", "", "", "otp"]


async def test_a_secret_does_not_stand_in_the_database(identity: RunningService) -> None:
    person = await active(identity)
    async with as_person(identity, person) as me:
        secret = (await me.post("/api/v1/me/mfa/totp", json=PROVE)).json()["secret"]
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    async with identity.runtime.database.read() as reader:
        stored = await reader.scalar(
            text("SELECT sealed_secret FROM authenticators WHERE account_id = :id"), {"id": person["id"]}
        )
    assert raw not in bytes(stored)
