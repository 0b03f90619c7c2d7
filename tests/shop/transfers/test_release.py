"""With confirmed release nobody moves before the old shop has stopped billing."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import text

from shop.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import NOW, RunningService, running
from tests.shop.transfers.conftest import fill_catalogue
from tests.shop.transfers.steps import a_wave, at, files_of, get, post, transfer_of, upload

TRANSFER_DAY = datetime(2027, 2, 23, 12, 0, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """A shop whose operators confirm each release."""
    platform = {"data_dir": tmp_path_factory.mktemp("shop")}
    settings = {"transfer_release": "confirmed"}
    async with running(service, databases, nats_server, platform=platform, settings=settings) as started:
        await fill_catalogue(started)
        yield started


async def test_customers_wait_for_the_confirmation_and_who_changed_meanwhile_does_not_move(shop: RunningService):
    await upload(shop)
    wave = await a_wave(shop, ["C10018", "C10024"])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, TRANSFER_DAY)
    waiting = await transfer_of(shop, wave["id"], "C10018")
    assert (waiting["state"], waiting["transferred_at"]) == ("transferring", None)
    assert await shop.published("shop.transfer.transferred.v1") == []
    files = files_of()
    kept = [line for line in files["subscriptions.csv"].split(b"\n") if b"S200049" not in line]
    await upload(shop, {**files, "subscriptions.csv": b"\n".join(kept)}, exported_on="2027-02-23")

    await post(shop, f"/transfer-waves/{wave['id']}/confirm-release")
    await post(shop, f"/transfer-waves/{wave['id']}/confirm-release")

    assert (await transfer_of(shop, wave["id"], "C10018"))["state"] == "transferred"
    changed = await transfer_of(shop, wave["id"], "C10024")
    assert (changed["state"], changed["failure_code"]) == ("failed", "changed_at_source")
    async with shop.runtime.database.read() as reader:
        billed = await reader.all(text("SELECT number, billing_owner FROM subscriptions"))
    assert [tuple(row) for row in billed] == [("S-2026-200033", "new_shop")]
    assert (await get(shop, f"/transfer-waves/{wave['id']}/report"))["is_reconciled"] is True


async def test_nobody_moves_by_a_confirmation_while_the_wave_is_paused(shop: RunningService):
    shop.clock.set(NOW)
    wave = await a_wave(shop, ["C10021"])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, TRANSFER_DAY)
    await post(shop, f"/transfer-waves/{wave['id']}/pause")

    refused = await post(shop, f"/transfer-waves/{wave['id']}/confirm-release", status=409)

    assert "paused" in refused["detail"]
    assert (await transfer_of(shop, wave["id"], "C10021"))["state"] == "transferring"
    await post(shop, f"/transfer-waves/{wave['id']}/resume")
    confirmed = await post(shop, f"/transfer-waves/{wave['id']}/confirm-release")
    assert confirmed["states"] == {"transferred": 1}


async def test_the_old_shop_goes_on_billing_who_waited_when_the_wave_is_called_off(shop: RunningService):
    shop.clock.set(NOW)
    wave = await a_wave(shop, ["C10028"])
    path = f"/transfer-waves/{wave['id']}"
    await post(shop, f"{path}/schedule")
    await at(shop, TRANSFER_DAY)
    assert await asked_of_the_old_shop(shop, path) == ["release"]

    await post(shop, f"{path}/cancel")
    await post(shop, f"{path}/confirm-release")

    assert await asked_of_the_old_shop(shop, path) == ["release", "restore"]
    assert (await transfer_of(shop, wave["id"], "C10028"))["state"] == "cancelled"


async def test_who_may_have_been_renewed_before_the_confirmation_stays_in_the_old_shop(shop: RunningService):
    """The first subscription of C10028 renews on 1 March: until its release was confirmed, the old shop could charge it."""
    shop.clock.set(NOW)
    wave = await a_wave(shop, ["C10028"])
    path = f"/transfer-waves/{wave['id']}"
    await post(shop, f"{path}/schedule")
    await at(shop, TRANSFER_DAY)

    await at(shop, datetime(2027, 3, 1, 12, 0, tzinfo=UTC))
    await post(shop, f"{path}/confirm-release")

    stayed = await transfer_of(shop, wave["id"], "C10028")
    assert (stayed["state"], stayed["failure_code"]) == ("failed", "renews_before_transfer")
    assert await asked_of_the_old_shop(shop, path) == ["release", "restore"]


async def asked_of_the_old_shop(shop: RunningService, path: str) -> list[str]:
    """The actions of a wave's release list, each of them about all three subscriptions of C10028."""
    async with shop.operator() as operator:
        lines = (await operator.get(f"/api/v1{path}/release-list")).text.splitlines()[1:]
    actions = [line.split(",")[0] for line in lines]
    assert {line.split(",")[1] for line in lines} == {"C10028"}
    assert set(Counter(actions).values()) == {3}
    return sorted(set(actions))
