"""The whole way of a wave: announced, reminded, transferred, activated, settled."""

from datetime import UTC, datetime, timedelta

from tests.harness.service import RunningService
from tests.shop.transfers.steps import a_wave, at, get, post, settled, transfer_of, upload


async def test_a_customer_is_announced_reminded_and_transferred_in_the_own_time_zone(shop: RunningService):
    await upload(shop)
    wave = await a_wave(shop, ["C10018", "C10037"], name="First")
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await settled(shop)
    assert await shop.published("shop.transfer.announced.v1") == []

    await at(shop, datetime(2027, 2, 8, 23, 0, tzinfo=UTC))
    announced = await shop.published("shop.transfer.announced.v1")
    assert [a["legacy_customer_id"] for a in announced] == ["C10018"]
    assert announced[0]["short_notice"] is False

    await at(shop, datetime(2027, 2, 9, 8, 0, tzinfo=UTC))
    assert len(await shop.published("shop.transfer.announced.v1")) == 2

    await at(shop, datetime(2027, 2, 22, 8, 0, tzinfo=UTC))
    assert len(await shop.published("shop.transfer.reminder_due.v1")) == 2

    await at(shop, datetime(2027, 2, 22, 23, 0, tzinfo=UTC))
    moved = await shop.published("shop.transfer.transferred.v1")
    assert [m["legacy_customer_id"] for m in moved] == ["C10018"]
    await at(shop, datetime(2027, 2, 23, 8, 0, tzinfo=UTC))
    moved = await shop.published("shop.transfer.transferred.v1")
    assert [m["legacy_customer_id"] for m in moved] == ["C10018", "C10037"]
    shown = await get(shop, f"/transfer-waves/{wave['id']}")
    assert shown["state"] == "completed"
    report = await get(shop, f"/transfer-waves/{wave['id']}/report")
    assert report["is_reconciled"], report
    transfer = await transfer_of(shop, wave["id"], "C10018")
    detail = await get(shop, f"/transfers/{transfer['id']}")
    assert [e["what"] for e in detail["timeline"]] == ["announced", "reminded", "transferred"]
    async with shop.client(scopes="orders:read", org=transfer["organization_id"]) as buyer:
        orders = (await buyer.get("/api/v1/orders")).json()
        archive = (await buyer.get("/api/v1/legacy-orders")).json()
        overview = (await buyer.get("/api/v1/transfer")).json()
        subscriptions = (await buyer.get("/api/v1/subscriptions")).json()
    print(orders, archive, overview, subscriptions)
    follow = await get(shop, f"/transfer-waves/{wave['id']}/follow-up")
    print(follow)
    await at(shop, shop.clock.now() + timedelta(days=3))
    assert len(await shop.published("shop.transfer.activation_reminder_due.v1")) == 2
