"""A wave that is paused or called off stands still from the answer on, and nobody is billed by two shops for it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import text

from shop.main import service
from shop.transfers import store
from shop.transfers.campaign.work import advance
from shop.transfers.going import keep_all_going, keep_going
from shop.transfers.policy import policy_of
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import NOW, RunningService, running
from tests.shop.transfers.conftest import fill_catalogue
from tests.shop.transfers.steps import a_wave, at, every, get, post, settled, transfer_of, upload
from tests.shop.transfers.test_safety_window import renewed

THE_DAY_BEFORE = datetime(2027, 2, 22, 12, 0, tzinfo=UTC)
TRANSFER_DAY = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)
TWO_DAYS_LATER = datetime(2027, 2, 25, 12, 0, tzinfo=UTC)
LONG_ENOUGH_TO_ANSWER = 0.5


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """A shop of its own with the sample export."""
    platform = {"data_dir": tmp_path_factory.mktemp("shop")}
    async with running(service, databases, nats_server, platform=platform) as started:
        await fill_catalogue(started)
        await upload(started)
        yield started


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def early(shop: RunningService) -> None:
    """The clock back on the day of the export."""
    shop.clock.set(NOW)


async def a_reminded_wave(shop: RunningService, *customers: str) -> str:
    """A wave on the day before, when everybody is reminded."""
    wave = await a_wave(shop, list(customers))
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, THE_DAY_BEFORE)
    return str(wave["id"])


async def states(shop: RunningService, wave: str) -> dict[str, str]:
    """The state of each customer of a wave."""
    return {item["legacy_customer_id"]: item["state"] for item in await every(shop, "/transfers", wave=wave)}


@pytest.mark.parametrize(("verb", "customer"), [("pause", "C10018"), ("cancel", "C10019")])
async def test_the_answer_comes_when_the_work_under_way_is_done_and_no_more_begins(
    shop: RunningService, verb: str, customer: str
):
    wave = await a_reminded_wave(shop, customer)
    transfer = await transfer_of(shop, wave, customer)
    await post(shop, f"/transfer-waves/{wave}/pause")
    shop.clock.set(TRANSFER_DAY)

    async with shop.runtime.database.transaction(actor="test") as tx:
        await keep_going(tx, wave)
        row = await store.lock(tx, transfer["id"])
        await post_to_the_database(shop, "UPDATE transfer_waves SET state = 'scheduled' WHERE id = :wave", wave)
        asked = asyncio.create_task(post(shop, f"/transfer-waves/{wave}/{verb}"))
        await asyncio.sleep(LONG_ENOUGH_TO_ANSWER)
        assert not asked.done(), "The customers of a batch under way still move: it was no pause."
        async with shop.runtime.database.transaction(actor="test") as other:
            assert wave not in await keep_all_going(other), "Nothing begins while somebody waits for the end."
        await advance(tx, [row], policy_of(shop.runtime))
    answered = await asked

    assert answered["states"] == {"transferred": 1}
    await settled(shop)
    assert (await get(shop, f"/transfer-waves/{wave}"))["states"] == {"transferred": 1}


async def post_to_the_database(shop: RunningService, statement: str, wave: str) -> None:
    """What no API does: set up a race."""
    async with shop.runtime.database.transaction(actor="test") as tx:
        await tx.execute(text(statement), {"wave": wave})


async def test_a_wave_resumed_on_its_day_keeps_it(shop: RunningService):
    wave = await a_reminded_wave(shop, "C10037")
    await post(shop, f"/transfer-waves/{wave}/pause")
    await at(shop, TRANSFER_DAY)

    await post(shop, f"/transfer-waves/{wave}/resume")
    await settled(shop)

    moved = await transfer_of(shop, wave, "C10037")
    assert (moved["state"], moved["transfer_on"]) == ("transferred", "2027-02-23")


async def test_who_should_have_moved_while_it_was_paused_moves_today_but_never_on_facts_that_are_over(
    shop: RunningService,
):
    """C10017 has a subscription that the old shop renews on 24 February, which both shops would charge."""
    wave = await a_reminded_wave(shop, "C10017", "C10021")
    await post(shop, f"/transfer-waves/{wave}/pause")
    await at(shop, TWO_DAYS_LATER)
    assert await states(shop, wave) == dict.fromkeys(("C10017", "C10021"), "reminded")

    await post(shop, f"/transfer-waves/{wave}/resume")
    await settled(shop)

    moved = await transfer_of(shop, wave, "C10021")
    assert (moved["state"], moved["transfer_on"]) == ("transferred", "2027-02-25")
    timeline = (await get(shop, f"/transfers/{moved['id']}"))["timeline"]
    assert [entry["what"] for entry in timeline] == ["announced", "reminded", "put_off", "transferred"]
    stale = await transfer_of(shop, wave, "C10017")
    assert (stale["state"], stale["failure_code"]) == ("failed", "renews_before_transfer")
    numbers = {item["number"] for item in await every(shop, "/subscriptions")}
    assert {"S-2027-200041", "S-2026-200030"} & numbers == {"S-2027-200041"}

    too_early = await post(shop, f"/transfers/{stale['id']}/retry", status=409)
    assert "import a newer one" in too_early["detail"]
    await upload(shop, renewed("C10017"), exported_on="2027-02-25")
    again = await post(shop, f"/transfers/{stale['id']}/retry")
    assert again["state"] == "transferred"
    renewals = {item["number"]: item["next_renewal_on"] for item in again["moved"]["subscriptions"]}
    assert renewals["S-2026-200030"] == "2028-02-24"
