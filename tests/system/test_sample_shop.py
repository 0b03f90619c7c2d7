"""A whole old shop of forty customers moves, and everything the rule book expects of it is compared with what is there.

Slow by design (about half a minute): a platform of its own is started, without the demo, and its clock moves by weeks.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.harness.platform import Platform, patiently, running_platform
from tests.oracle.verdicts import address
from tests.system.books import (
    Promised,
    assert_the_books_agree,
    charges_of,
    delivered_again,
    held,
    mails_per_address,
    promised,
)
from tests.system.desk import LONG, SAMPLES, Desk
from tests.system.test_transfer_story import activate, link_in
from tests.system.words import SUBJECTS

pytestmark = pytest.mark.system

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())
FILES = {path.name: path.read_bytes() for path in (SAMPLES / "first-export").iterdir()}
EXPORTED_ON, TRANSFER_ON = date.fromisoformat(EXPECTED["today"]), date.fromisoformat(EXPECTED["transfer_on"])
MOVING = {key: value for key, value in EXPECTED["customers"].items() if value["outcome"] == "moves"}
NOON_ON_THE_DAY = datetime(TRANSFER_ON.year, TRANSFER_ON.month, TRANSFER_ON.day, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A platform that has nothing but the sample's catalogue, on the day of the sample's export."""
    with running_platform(with_demo=False) as started:
        desk = Desk(started)
        desk.set_clock(datetime(EXPORTED_ON.year, EXPORTED_ON.month, EXPORTED_ON.day, 12, tzinfo=UTC))
        desk.open_shop()
        yield started


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    """The operator."""
    return Desk(platform)


@pytest.fixture(scope="module")
def imported(desk: Desk) -> dict[str, Any]:
    """The import."""
    return desk.imported(
        FILES, source="canonical", exported_on=EXPORTED_ON.isoformat(), transfer_on=TRANSFER_ON.isoformat()
    )


@pytest.fixture(scope="module")
def wave(desk: Desk, imported: dict[str, Any]) -> str:
    """A draft of a wave with all forty customers."""
    return desk.wave("Everybody", TRANSFER_ON, sorted(EXPECTED["customers"]), schedule=False)


@pytest.fixture(scope="module")
def moved(desk: Desk, wave: str) -> str:
    """The same wave after its campaign and its day: two weeks on at once, then the day before, then the day."""
    desk.step(wave, "schedule")
    desk.post("/test/clock", {"advance": "P14D"})
    desk.wait_for_mails("transfer-announcement", len(MOVING))
    desk.set_clock(NOON_ON_THE_DAY - timedelta(days=1))
    desk.wait_for_mails("transfer-reminder", len(MOVING))
    desk.set_clock(NOON_ON_THE_DAY)
    desk.wait_for_mails("transfer-welcome", len(MOVING))
    desk.wait_for_states(wave, transferred=len(MOVING), failed=len(EXPECTED["customers"]) - len(MOVING))
    return wave


@pytest.fixture(scope="module")
def books() -> Promised:
    """What must be there, by the sample's outcomes."""
    tables = {"customers", "subscriptions", "orders"}
    outcomes = {table: {key: value["outcome"] for key, value in EXPECTED[table].items()} for table in tables}
    methods = {key: value["outcome"] for key, value in EXPECTED["payment_methods"].items()}
    return promised(FILES, outcomes | {"payment_methods": methods}, TRANSFER_ON.isoformat())


def test_the_import_adds_up_exactly_as_expected(imported: dict[str, Any]) -> None:
    assert imported["summary"] == EXPECTED["summary"]


def test_every_finding_of_the_import_stands_where_it_was_expected(desk: Desk, imported: dict[str, Any]) -> None:
    place = ("file", "line", "column", "code", "key", "customer")
    found = desk.every(f"/transfer-imports/{imported['id']}/findings")

    assert sorted(tuple(item[name] for name in place) for item in found) == sorted(
        tuple(item[name] for name in place) for item in EXPECTED["findings"]
    )


def test_the_dry_run_says_of_everybody_what_the_rule_book_says(desk: Desk, wave: str) -> None:
    checked = desk.step(wave, "check")

    expected = dict(EXPECTED["summary"])
    # The one order of a customer that no longer exists belongs to no wave; findings about whole files neither.
    ours = dict(checked["summary"])
    orders, wanted = ours.pop("orders"), expected.pop("orders")
    assert (orders["moves"], orders["blocked"], orders["total"]) == (
        wanted["moves"], wanted["blocked"], wanted["total"] - 1,
    )  # fmt: skip
    assert {key: value for key, value in ours.items() if key != "findings"} == {
        key: value for key, value in expected.items() if key != "findings"
    }
    assert {customer["legacy_id"]: _told(customer) for customer in checked["customers"]} == {
        key: _expected(value) for key, value in EXPECTED["customers"].items()
    }
    subscriptions = {item["legacy_id"]: item for customer in checked["customers"] for item in customer["subscriptions"]}
    assert {key: item["outcome"] for key, item in subscriptions.items()} == {
        key: value["outcome"] for key, value in EXPECTED["subscriptions"].items()
    }
    for key, value in EXPECTED["subscriptions"].items():
        if value["outcome"] == "moves":
            charge = value["quantity"] * value["unit_price_minor"]
            after = subscriptions[key]["after"]
            assert after == subscriptions[key]["before"]
            assert (after["on"], after["amount"]["amount"]) == (value["next_renewal_on"], charge)
            assert subscriptions[key]["renewal_after_that"] == value["renewal_after_that"]
    assert all(side["is_equal"] for side in checked["money"])


def _told(customer: dict[str, Any]) -> dict[str, Any]:
    told = {name: customer[name] for name in ("outcome", "company", "email")}
    told |= {name: [reason["code"] for reason in customer[name]] for name in ("codes", "warnings")}
    if customer["outcome"] == "moves":
        names = ("region", "locale", "time_zone", "licenses", "seats", "auto_assigned", "waiting")
        told |= {name: customer[name] for name in names}
        told["orders"] = sum(order["outcome"] == "moves" for order in customer["orders"])
    return told


def _expected(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "codes": list(value["codes"]), "warnings": list(value["warnings"])}


def test_nothing_a_customer_sees_has_changed_before_the_wave_is_scheduled(platform: Platform, desk: Desk) -> None:
    assert platform.mails() == []
    assert desk.every("/customers") == []
    assert desk.every("/subscriptions") == []


def test_everything_that_was_promised_is_there_and_nothing_else(desk: Desk, moved: str, books: Promised) -> None:
    patiently(lambda: assert_the_books_agree(books, held(desk)) is None, within=LONG)


def test_the_expected_seats_are_assigned_and_the_others_wait(desk: Desk, moved: str) -> None:
    legacy = {item["organization_id"]: item["legacy_id"] for item in desk.every("/customers")}
    counted: Counter[tuple[str, str]] = Counter()
    for license in desk.every("/licenses", origin="transferred"):
        customer = legacy[license["organization_id"]]
        counted[(customer, "licenses")] += 1
        counted[(customer, "seats")] += license["quantity"]
        counted[(customer, "auto_assigned")] += license["assigned"]
        counted[(customer, "waiting")] += license["free"]

    for customer, expected in MOVING.items():
        names = ("licenses", "seats", "auto_assigned", "waiting")
        assert {n: counted[(customer, n)] for n in names} == {n: expected[n] for n in names}, customer


def test_every_buyer_has_each_mail_once_in_the_expected_language_and_nobody_else_has_any(
    platform: Platform, desk: Desk, moved: str
) -> None:
    expected = {
        (address(customer["email"]), subjects[customer["locale"]])
        for customer in MOVING.values()
        for subjects in SUBJECTS.values()
    }
    arrived = mails_per_address(platform)

    assert set(arrived) == expected
    # The welcome is called the same in English and Italian, but each buyer has one language only.
    assert set(arrived.values()) == {1}
    assert delivered_again(platform) == []
    by_locale = Counter(item["locale"] for item in desk.every("/messages", template="transfer-welcome"))
    assert by_locale == EXPECTED["summary"]["mails"]["by_locale"]


def test_who_did_not_move_is_left_as_before_with_the_reason(desk: Desk, moved: str) -> None:
    transfers = desk.transfers(moved)
    for key, expected in EXPECTED["customers"].items():
        if expected["outcome"] != "moves":
            transfer = transfers[key]
            wanted = expected["codes"] or ["nothing_to_move"]
            assert (transfer["state"], transfer["failure_code"]) == ("failed", wanted[0]), key
            assert transfer["announced_at"] is None
    accounts = {account["email"] for account in desk.every("/accounts")}
    assert accounts - {desk.platform.accounts["operator"]["email"]} == {
        address(customer["email"]) for customer in MOVING.values()
    }


def test_the_report_has_no_difference_and_its_digest_stays(desk: Desk, moved: str) -> None:
    first = desk.get(f"/transfer-waves/{moved}/report")
    again = desk.get(f"/transfer-waves/{moved}/report")

    assert first["differences"] == []
    assert first["is_reconciled"] is True
    assert first["digest"] == again["digest"]
    money = EXPECTED["summary"]["money"]
    rows = {(row["kind"], row["currency"]): row for row in first["rows"]}
    for currency, sums in money.items():
        subscriptions, orders = rows[("subscriptions", currency)], rows[("orders", currency)]
        wanted = (sums["subscriptions"], sums["subscription_value"])
        assert (subscriptions["old_count"], subscriptions["old_sum"]) == wanted
        assert (subscriptions["new_count"], subscriptions["new_sum"]) == wanted
        wanted = (sums["orders"], sums["order_total"])
        assert (orders["old_count"], orders["old_sum"]) == wanted
        assert (orders["new_count"], orders["new_sum"]) == wanted
    assert first["seats"] == EXPECTED["summary"]["licenses"]
    assert {item["customer"] for item in first["not_moved"]} == set(EXPECTED["customers"]) - set(MOVING)


def test_the_transfer_charges_nobody(platform: Platform, moved: str) -> None:
    assert charges_of(platform) == []


def test_every_buyer_activates_and_finds_all_old_orders_and_what_still_unlocks(
    platform: Platform, desk: Desk, moved: str
) -> None:
    """Slow because every one of the buyers opens the mailed link and sets a password, as they will on the day."""
    one_offs = EXPECTED["one_off_licenses"].values()
    for key, customer in MOVING.items():
        mail = next(
            m for m in platform.mails(to=address(customer["email"])) if m["subject"] in SUBJECTS["transfer-welcome"].values()
        )  # fmt: skip
        buyer = activate(platform, link_in(mail["text"]))

        archive = buyer.get("/legacy-orders", params={"limit": 200}).json()["items"]
        expected = {
            order["number"]: order["outcome"] for order in EXPECTED["orders"].values() if order["customer"] == key
        }
        assert {order["number"]: order["is_transferred"] for order in archive} == {
            number: outcome == "moves" for number, outcome in expected.items()
        }, key
        history = buyer.get("/orders", params={"limit": 200}).json()["items"]
        assert {order["number"] for order in history} == {n for n, outcome in expected.items() if outcome == "moves"}
        overview = buyer.get("/transfer").json()
        assert (overview["seats"], overview["seats_waiting"]) == (customer["seats"], customer["waiting"])
        for one_off in one_offs:
            if one_off["customer"] == key:
                asked = {"product": one_off["product"], "email": address(customer["email"])}
                answer = desk.get("/entitlements/check", **asked)
                subscribed = one_off["product"] in {s["product_code"] for s in overview["subscriptions"]}
                assert answer["allowed"] is (one_off["unlocks"] or subscribed), one_off
                if one_off["unlocks"] and not subscribed:
                    assert answer["reason"] == "one_off"

    def all_are_active() -> bool:
        return {item["state"] for item in desk.transfers(moved).values() if item["transferred_at"]} == {"activated"}

    patiently(all_are_active, within=LONG)
