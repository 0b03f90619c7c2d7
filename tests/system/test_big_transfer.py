"""Two thousand customers of an old shop move while everything around them breaks; an oracle says what must come of it.

Slow by design (about three minutes): some two thousand mails leave, and NATS and the mail server are away for a minute
each, at the same time but for the beginning and the end: longer than any call waits and any connection is tried at once.
"""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.harness.platform import Platform, patiently, running_platform
from tests.oracle.exports import TODAY, TRANSFER_ON, an_export
from tests.oracle.verdicts import verdicts
from tests.system.books import (
    Promised,
    assert_the_books_agree,
    charges_of,
    delivered_again,
    held,
    mails_per_address,
    promised,
)
from tests.system.desk import CATALOGUE, Desk
from tests.system.rest import parked_events, wait_until_at_rest
from tests.system.words import SUBJECTS

pytestmark = pytest.mark.system

CUSTOMERS, SEED = 2000, 11
HICCUP = timedelta(seconds=15)
OUTAGE = timedelta(seconds=60)
MOST_ON_THE_WIRE = 6
"""As many connections notifications keeps to the mail server."""

VERY_LONG = 900
"""How long a busy machine may take for two thousand customers or mails; a quiet one needs seconds."""

FILES = an_export(CATALOGUE, customers=CUSTOMERS, seed=SEED)
ORACLE = verdicts(FILES, CATALOGUE, today=TODAY.isoformat(), transfer_on=TRANSFER_ON.isoformat(), providers={"sandbox"})
OUTCOMES = {
    "customers": {key: value["outcome"] for key, value in ORACLE["customers"].items()},
    "subscriptions": ORACLE["subscriptions"],
    "orders": ORACLE["orders"],
    "payment_methods": ORACLE["methods"],
}
MOVING = sorted(key for key, outcome in OUTCOMES["customers"].items() if outcome == "moves")


def noon(day: Any) -> datetime:
    """Noon of a day, by when it has begun for all customers."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A platform that has nothing but the sample's catalogue, on the day of the export."""
    with running_platform(with_demo=False) as started:
        desk = Desk(started)
        desk.set_clock(noon(TODAY))
        desk.open_shop()
        yield started


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    """The operator."""
    return Desk(platform)


@pytest.fixture(scope="module")
def books() -> Promised:
    """What must be there, by the oracle's outcomes."""
    return promised(FILES, OUTCOMES, TRANSFER_ON.isoformat())


@pytest.fixture(scope="module")
def wave(platform: Platform, desk: Desk) -> str:
    """A wave with every customer: the same export was imported by two operators at the same time."""
    fields = {"source": "canonical", "exported_on": TODAY.isoformat(), "transfer_on": TRANSFER_ON.isoformat()}
    with ThreadPoolExecutor(2) as both:
        begun = list(both.map(lambda _: Desk(platform).begin_import(FILES, **fields), range(2)))
    for started in begun:
        desk.finished_import(started["id"])
    return desk.wave("Everybody", TRANSFER_ON, sorted(OUTCOMES["customers"]), schedule=False)


@pytest.fixture(scope="module")
def moved(platform: Platform, desk: Desk, wave: str) -> str:
    """The campaign and the day, each with its own disaster."""
    desk.step(wave, "schedule")
    _announce_while_the_mail_server_refuses(platform, desk)
    _remind_while_notifications_die(platform, desk)
    _move_while_everything_dies(platform, desk, wave)
    wait_until_at_rest(desk, within=VERY_LONG)
    return wave


def _announce_while_the_mail_server_refuses(platform: Platform, desk: Desk) -> None:
    """451 to everybody, from the moment the announcements fall due."""
    _refuse_all_mail(platform, HICCUP)
    desk.set_clock(noon(TRANSFER_ON - timedelta(days=14)))
    patiently(lambda: desk.get("/messages", status="queued", limit=1)["items"], within=VERY_LONG)
    wait_until_at_rest(desk, within=VERY_LONG)


def _remind_while_notifications_die(platform: Platform, desk: Desk) -> None:
    """kill -9 while the reminders are being sent."""
    desk.set_clock(noon(TRANSFER_ON - timedelta(days=1)))
    patiently(lambda: _have_arrived(platform, "transfer-reminder"), within=VERY_LONG)
    platform.kill("notifications")
    wait_until_at_rest(desk, within=VERY_LONG)


def _move_while_everything_dies(platform: Platform, desk: Desk, wave: str) -> None:
    """kill -9 of the shop after its first customers; no mail for a minute, from the moment the day begins; NATS away for
    a minute (the API answers on), from the moment the shop is back; then kill -9 of the others.
    """
    _refuse_all_mail(platform, OUTAGE)
    mail_refused_until = time.monotonic() + OUTAGE.total_seconds()
    desk.set_clock(noon(TRANSFER_ON))
    patiently(lambda: "transferred" in _states(desk, wave), within=VERY_LONG)
    platform.kill("shop")
    platform.wait_until_ready()
    platform.stack.nats.stop()
    until = time.monotonic() + OUTAGE.total_seconds()
    assert until - mail_refused_until < OUTAGE.total_seconds() / 2, "The outages overlap for most of their time."
    patiently(lambda: _states(desk, wave) and time.monotonic() > until, within=VERY_LONG)
    platform.stack.nats.start()
    patiently(lambda: _have_arrived(platform, "transfer-welcome"), within=VERY_LONG)
    for service in ("identity", "licensing"):
        platform.kill(service)
    platform.wait_until_ready()


def _refuse_all_mail(platform: Platform, duration: timedelta) -> None:
    refusal = {"reply": "451", "seconds": duration.total_seconds()}
    assert httpx.post(f"{platform.plan.url('mailbox')}/behaviour", json=refusal, timeout=30).is_success


def _states(desk: Desk, wave: str) -> dict[str, int]:
    return dict(desk.get(f"/transfer-waves/{wave}")["states"])


def _have_arrived(platform: Platform, template: str) -> bool:
    return bool(platform.mails(subject=SUBJECTS[template]["de"]))


def test_the_platform_decides_as_the_oracle_does(desk: Desk, wave: str) -> None:
    customers = desk.every(f"/transfer-waves/{wave}/customers")

    assert len(customers) == CUSTOMERS
    for customer in customers:
        wanted = ORACLE["customers"][customer["legacy_id"]]
        told = {name: {reason["code"] for reason in customer[name]} for name in ("codes", "warnings")}
        assert {"outcome": customer["outcome"], **told} == wanted, customer["legacy_id"]


def test_everybody_who_moves_has_moved_completely_and_nobody_else_has(desk: Desk, moved: str, books: Promised) -> None:
    assert _states(desk, moved) == {"transferred": len(MOVING), "failed": CUSTOMERS - len(MOVING)}
    assert_the_books_agree(books, held(desk))


def test_every_subscription_has_exactly_one_biller(desk: Desk, moved: str, books: Promised) -> None:
    """Who moved is billed here; whatever stayed is not known here at all."""
    subscriptions = desk.every("/subscriptions")
    assert Counter(item["billing_owner"] for item in subscriptions) == {"new_shop": len(books.subscriptions)}
    released = desk.send("GET", f"/transfer-waves/{moved}/release-list").text.splitlines()[1:]
    assert Counter(line.split(",")[0] for line in released) == {"release": len(books.subscriptions)}
    numbers = [line.split(",")[3] for line in released]
    assert Counter(numbers) == Counter(books.subscriptions.keys())


def test_every_buyer_has_an_account_that_waits_for_its_activation(desk: Desk, moved: str, books: Promised) -> None:
    accounts = {item["email"]: item for item in desk.every("/accounts") if not item["operator_roles"]}

    assert set(accounts) == {customer["email"] for customer in books.customers.values()}
    assert {item["status"] for item in accounts.values()} == {"invited"}
    companies = {item["email"]: [m["organization_name"] for m in item["memberships"]] for item in accounts.values()}
    assert companies == {customer["email"]: [customer["company"]] for customer in books.customers.values()}


def test_every_mail_has_arrived_exactly_once(platform: Platform, desk: Desk, moved: str, books: Promised) -> None:
    arrived = mails_per_address(platform)

    expected = {
        (customer["email"], subjects[customer["locale"]])
        for customer in books.customers.values()
        for subjects in SUBJECTS.values()
    }
    assert set(arrived) == expected
    assert set(arrived.values()) == {1}
    sent = Counter((item["template"], item["status"]) for item in desk.every("/messages"))
    assert sent == {(template, "sent"): len(books.customers) for template in SUBJECTS}


def test_only_mails_on_the_wire_when_notifications_was_killed_may_be_delivered_again(
    platform: Platform, moved: str
) -> None:
    again = delivered_again(platform)

    assert {subject for _, subject in again} <= set(SUBJECTS["transfer-reminder"].values())
    assert len(again) <= MOST_ON_THE_WIRE


def test_nobody_was_charged_and_nothing_was_given_up(platform: Platform, moved: str) -> None:
    assert charges_of(platform) == []
    assert parked_events(platform) == []


def test_the_report_names_no_difference_and_stays_the_same(desk: Desk, moved: str) -> None:
    first, again = (desk.get(f"/transfer-waves/{moved}/report") for _ in range(2))

    assert first["differences"] == []
    assert first["digest"] == again["digest"]
    rows = [row for row in first["rows"] if row["old_count"] != row["new_count"] or row["old_sum"] != row["new_sum"]]
    assert rows == []
    assert len(first["not_moved"]) == CUSTOMERS - len(MOVING)
