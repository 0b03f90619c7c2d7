"""The reconciliation of a wave, and who has still to move."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from chassis.kernel.emails import normalize_email
from shop.transfers.queries import is_waiting_for_transfer
from tests.harness.service import RunningService
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import a_wave, at, get, post, upload

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wave(shop: RunningService) -> Any:
    """Everybody of the sample export, on the day after the transfer."""
    await upload(shop)
    planned = await a_wave(shop, list(EXPECTED["customers"]))
    await post(shop, f"/transfer-waves/{planned['id']}/schedule")
    await at(shop, datetime(2027, 2, 23, 22, 0, tzinfo=UTC))
    return planned


async def test_both_sides_add_up_to_what_the_dry_run_promised(shop: RunningService, wave: Any):
    report = await get(shop, f"/transfer-waves/{wave['id']}/report")

    assert (report["is_reconciled"], report["differences"]) == (True, [])
    assert report["customers"] == {"failed": 17, "transferred": 23}
    rows = {(row["kind"], row["currency"]): row for row in report["rows"]}
    for currency, money in EXPECTED["summary"]["money"].items():
        for kind, count, total in (
            ("subscriptions", money["subscriptions"], money["subscription_value"]),
            ("orders", money["orders"], money["order_total"]),
        ):
            row = rows[(kind, currency)]
            assert (row["old_count"], row["new_count"]) == (count, count)
            assert (row["old_sum"], row["new_sum"], row["difference_sum"]) == (total, total, 0)
    assert rows[("payment_methods", None)]["new_count"] == 23
    assert rows[("one_off_licenses", None)]["new_count"] == 2
    assert report["seats"] == EXPECTED["summary"]["licenses"]
    not_moved = {item["customer"]: item["code"] for item in report["not_moved"]}
    assert not_moved == {
        known: (expected["codes"] or ["nothing_to_move"])[0]
        for known, expected in EXPECTED["customers"].items()
        if expected["outcome"] != "moves"
    }


async def test_the_digest_is_that_of_the_canonical_json_and_the_csv_carries_it(shop: RunningService, wave: Any):
    path = f"/transfer-waves/{wave['id']}/report"
    report = await get(shop, path)
    async with shop.operator() as operator:
        as_csv = (await operator.get(f"/api/v1{path}", headers={"Accept": "text/csv"})).text

    content = {name: value for name, value in report.items() if name not in ("generated_at", "digest")}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert report["digest"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert as_csv.splitlines()[-1] == f"digest,,,,,{report['digest']},,,,,,"
    assert (await get(shop, path))["digest"] == report["digest"]


async def test_every_event_names_a_buyer_who_can_be_written_to(shop: RunningService, wave: Any):
    for kind in ("announced", "reminder_due", "transferred", "failed"):
        for event in await shop.published(f"shop.transfer.{kind}.v1"):
            assert event["buyer"]["email"] == normalize_email(event["buyer"]["email"])
    failed = await shop.published("shop.transfer.failed.v1")
    assert {event["legacy_customer_id"] for event in failed}.isdisjoint({"C10001", "C10002", "C10033"})
    assert len(failed) == 12


async def test_every_difference_is_named(shop: RunningService, wave: Any):
    async with shop.runtime.database.transaction() as tx:
        await tx.execute(text("UPDATE subscriptions SET quantity = 124 WHERE number = 'S-2026-200042'"))
        await tx.execute(
            text("UPDATE subscriptions SET quantity = 12, unit_price_minor = 7901 WHERE legacy_id = 'S200048'")
        )
        await tx.execute(text("UPDATE orders SET total_minor = total_minor + 1 WHERE legacy_id = 'O3000041'"))

    report = await get(shop, f"/transfer-waves/{wave['id']}/report")

    assert report["is_reconciled"] is False
    named = {(d["kind"], d["customer"], d["legacy_id"], d["what"], d["old"], d["new"]) for d in report["differences"]}
    assert named == {
        ("subscriptions", "C10024", "S200048", "quantity", "9", "12"),
        ("subscriptions", "C10024", "S200048", "unit_price_minor", "7900", "7901"),
        ("orders", "C10019", "O3000041", "total_minor", "18430", "18431"),
    }
    [orders] = [row for row in report["rows"] if (row["kind"], row["currency"]) == ("orders", "EUR")]
    assert orders["difference_sum"] == 1


async def test_only_customers_still_to_move_wait(shop: RunningService, wave: Any):
    async with shop.runtime.database.read() as reader:
        waiting = {
            email: await is_waiting_for_transfer(reader, organization_id="org_new", email=email)
            for email in (
                "tove_aas@aas-bildeler.example",
                "info@reifendienst-loerrach.example",
                "einkauf+shop@merle-pneus-services.example",
                "info@autohandel-devos.example",
                "nobody@elsewhere.example",
            )
        }

    assert waiting == {
        "tove_aas@aas-bildeler.example": True,
        "info@reifendienst-loerrach.example": False,
        "einkauf+shop@merle-pneus-services.example": False,
        "info@autohandel-devos.example": True,
        "nobody@elsewhere.example": False,
    }


async def test_news_that_comes_twice_late_or_for_nobody_changes_nothing(shop: RunningService, wave: Any):
    transfer = (await get(shop, "/transfers", wave=wave["id"], customer="C10018"))["items"][0]
    fact = {"account_id": "acc_7", "email": transfer["email"]}
    for _ in range(2):
        await shop.deliver("identity.account.activated.v1", fact, subject="acc_7")
    await shop.deliver("identity.account.activated.v1", {"account_id": "a", "email": "x@y.example"}, subject="a")
    bounced = {"message_id": "m", "template": "transfer-announcement", "correlation": "transfer:trf_unknown"}
    await shop.deliver("notifications.message.bounced.v1", bounced, subject="m")
    await shop.deliver("notifications.message.failed.v1", {"message_id": "m2", "correlation": None}, subject="m2")

    shown = await get(shop, f"/transfers/{transfer['id']}")

    assert shown["state"] == "activated"
    assert [entry["what"] for entry in shown["timeline"]].count("activated") == 1
    assert shown["first_sign_in_at"] == shown["activated_at"]
