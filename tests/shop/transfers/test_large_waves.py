"""The dry run of a large wave goes on in the background: its progress is seen, its result kept."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from shop.main import service
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.shop.transfers.conftest import fill_catalogue
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import a_wave, every, get, post, upload

LARGE = 5
EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())
MOVING = [known for known, expected in EXPECTED["customers"].items() if expected["outcome"] == "moves"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """A shop for which six customers are many."""
    platform = {"data_dir": tmp_path_factory.mktemp("shop")}
    settings = {"transfer_check_at_once": LARGE}
    async with running(service, databases, nats_server, platform=platform, settings=settings) as started:
        await fill_catalogue(started)
        await upload(started)
        yield started


async def checked(shop: RunningService, wave: Any) -> Any:
    """The result of a check that was asked for."""

    async def done() -> Any:
        await shop.work()
        found = await get(shop, f"/transfer-waves/{wave['id']}")
        return found if found["check_progress"] is None else None

    await eventually(done, within=20)
    return await get(shop, f"/transfer-waves/{wave['id']}/check")


async def test_a_large_wave_is_checked_in_the_background_with_the_same_result(shop: RunningService):
    wave = await a_wave(shop, MOVING)
    path = f"/transfer-waves/{wave['id']}"
    await post_refused_before(shop, path)

    begun = await post(shop, f"{path}/check", status=202)
    assert (begun["state"], begun["customers"], begun["error"]) == ("running", wave["customers"], None)
    found = await checked(shop, wave)

    assert found["summary"]["customers"] == {
        "total": wave["customers"], "moves": wave["customers"], "blocked": 0, "nothing_to_move": 0,
    }  # fmt: skip
    assert all(side["is_equal"] for side in found["money"])
    assert found["customers"] == await every(shop, f"{path}/customers")
    assert found["next_cursor"] is None
    kept = (await get(shop, path))["last_check"]
    assert (kept["summary"], kept["money"]) == (found["summary"], found["money"])
    await post(shop, f"{path}/cancel")


async def post_refused_before(shop: RunningService, path: str) -> None:
    async with shop.operator() as operator:
        answer = await operator.get(f"/api/v1{path}/check")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/problems/transfer-wave-not-checked")


async def test_a_small_wave_is_answered_at_once_and_its_result_is_kept_too(shop: RunningService):
    wave = await a_wave(shop, ["C10016", "C10017"])

    answered = await post(shop, f"/transfer-waves/{wave['id']}/check")

    assert await get(shop, f"/transfer-waves/{wave['id']}/check") == answered
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_asking_again_while_it_is_under_way_changes_nothing_and_after_a_crash_it_begins_again(
    shop: RunningService,
):
    wave = await a_wave(shop, MOVING)
    async with shop.runtime.database.transaction() as tx:
        await tx.execute(
            text(
                "UPDATE transfer_waves SET check_asked_at = :now, check_progress = CAST(:progress AS jsonb)"
                " WHERE id = :wave"
            ),
            {
                "now": shop.clock.now(),
                "wave": wave["id"],
                "progress": '{"state": "running", "asked_at": "2027-02-05T09:00:00Z", "customers": 23,'
                ' "customers_done": 3, "error": null}',
            },
        )

    again = await post(shop, f"/transfer-waves/{wave['id']}/check", status=202)

    assert again["state"] == "running"
    assert (await checked(shop, wave))["summary"]["customers"]["total"] == wave["customers"]
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_only_operators_read_the_result(shop: RunningService):
    wave = await a_wave(shop, ["C10018"])
    path = f"/api/v1/transfer-waves/{wave['id']}/check"
    await post(shop, f"/transfer-waves/{wave['id']}/check")
    async with shop.anonymous() as nobody, shop.client(scopes="operator:read") as reader:
        assert (await nobody.get(path)).status_code == 401
        assert (await reader.get(path)).status_code == 200
    async with shop.client(scopes="orders:read", org="org_x", roles=("owner",)) as buyer:
        assert (await buyer.get(path)).status_code == 403
