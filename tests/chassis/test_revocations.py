"""Tokens that are no longer good before their time, in a service that only looks at them."""

import time

from chassis.kernel.ids import new_id
from tests.harness.eventually import eventually
from tests.harness.service import RunningService


async def test_all_tokens_of_a_grant_that_was_taken_back_are_refused(sample: RunningService) -> None:
    grant = new_id("gra")

    await take_back(sample, grant)

    assert not await is_good(sample, f"{grant}.first")
    assert not await is_good(sample, f"{grant}.second")
    assert await is_good(sample, f"{new_id('gra')}.first")


async def test_a_token_that_was_taken_back_goes_alone(sample: RunningService) -> None:
    grant = new_id("gra")

    await take_back(sample, f"{grant}.first")

    assert not await is_good(sample, f"{grant}.first")
    assert await is_good(sample, f"{grant}.second")


async def take_back(sample: RunningService, token_id: str) -> None:
    data = {"token_id": token_id, "client_id": "cli_some", "reason": "revoked_by_client"}
    await sample.deliver("identity.access.revoked.v1", data, subject=token_id, wait=False)
    await eventually(lambda: f"jti:{token_id}" in sample.runtime.revocations.not_before)


async def is_good(sample: RunningService, token_id: str) -> bool:
    issued_at = int(time.time()) - 5
    async with sample.client(scopes="counters:read", jti=token_id, iat=issued_at) as caller:
        return (await caller.get("/api/v1/counters")).status_code == 200
