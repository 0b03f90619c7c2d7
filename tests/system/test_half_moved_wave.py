"""A wave of hundreds is stopped while its customers move: who has moved stays moved, everybody else is as before.

Slow by design (about a minute): some fifteen hundred mails leave, and the whole platform has to come to rest.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.harness.platform import Platform, patiently, running_platform
from tests.system.books import charges_of, mails_per_address
from tests.system.cohorts import an_old_shop, email_of, members_of, number_of
from tests.system.desk import LONG, Desk
from tests.system.rest import parked_events, wait_until_at_rest

pytestmark = pytest.mark.system

BEGIN = datetime(2027, 2, 5, 12, tzinfo=UTC)
RENEWS_ON = date(2028, 2, 1)
COHORTS = {"paused": 400, "called-off": 400}
QUIET_SECONDS = 3
"""Time enough for three sweeps, if there were any."""

MAILS_OF_WHO_MOVED, MAILS_OF_WHO_DID_NOT = 3, 2


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """The operator of a platform with the sample catalogue and the cohorts' export."""
    with running_platform(with_demo=False) as platform:
        desk = Desk(platform)
        desk.set_clock(BEGIN)
        desk.open_shop()
        files = an_old_shop(COHORTS, exported_on=BEGIN.date(), renews_on=RENEWS_ON)
        desk.imported(files, source="canonical", exported_on=BEGIN.date().isoformat())
        yield desk
        assert parked_events(platform) == []


def half_moved(desk: Desk, cohort: str, verb: str) -> tuple[str, set[str]]:
    """A wave of the cohort that was stopped while its customers moved; who has moved by then."""
    today = desk.platform.now().date()
    wave = desk.wave(cohort, today + timedelta(days=1), members_of(cohort, COHORTS[cohort]))
    wait_until_at_rest(desk)
    desk.platform.advance(timedelta(days=1))
    patiently(lambda: states(desk, wave).get("transferred", 0) > 0, within=LONG)
    desk.step(wave, verb)
    moved = {known for known, transfer in desk.transfers(wave).items() if transfer["state"] == "transferred"}
    assert 0 < len(moved) < COHORTS[cohort], "It was to be stopped in the middle."
    return wave, moved


def states(desk: Desk, wave: str) -> dict[str, int]:
    """How many customers of the wave are in which state."""
    return dict(desk.get(f"/transfer-waves/{wave}")["states"])


def here(desk: Desk, cohort: str) -> dict[str, set[str]]:
    """Whom of a cohort the platform knows, by what it knows of them."""
    numbers = {number_of(customer): customer for customer in members_of(cohort, COHORTS[cohort])}
    emails = {email_of(customer): customer for customer in members_of(cohort, COHORTS[cohort])}
    subscriptions = Counter(item["number"] for item in desk.every("/subscriptions") if item["number"] in numbers)
    licenses = Counter(
        item["subscription_number"] for item in desk.every("/licenses") if item["subscription_number"] in numbers
    )
    assert set(subscriptions.values()) | set(licenses.values()) <= {1}, "Nobody has anything twice."
    return {
        "subscriptions": {numbers[number] for number in subscriptions},
        "licenses": {numbers[number] for number in licenses},
        "customers": {item["legacy_id"] for item in desk.every("/customers") if item["legacy_id"] in emails.values()},
        "accounts": {emails[item["email"]] for item in desk.every("/accounts") if item["email"] in emails},
    }


def mails(platform: Platform, cohort: str) -> dict[str, int]:
    """How many mails each buyer of the cohort was sent; none of them twice."""
    arrived = mails_per_address(platform)
    assert set(arrived.values()) <= {1}
    found: Counter[str] = Counter(to for to, _ in arrived)
    return {customer: found[email_of(customer)] for customer in members_of(cohort, COHORTS[cohort])}


def released(desk: Desk, wave: str) -> Counter[tuple[str, ...]]:
    """What the old shop was asked, by customer."""
    lines = desk.send("GET", f"/transfer-waves/{wave}/release-list").text.splitlines()[1:]
    return Counter(tuple(line.split(",")[:2]) for line in lines)


def assert_only(desk: Desk, cohort: str, wave: str, moved: set[str]) -> None:
    """Those have moved wholly and were welcomed; of all others nothing is here."""
    assert here(desk, cohort) == dict.fromkeys(("subscriptions", "licenses", "customers", "accounts"), moved)
    assert mails(desk.platform, cohort) == {
        customer: MAILS_OF_WHO_MOVED if customer in moved else MAILS_OF_WHO_DID_NOT
        for customer in members_of(cohort, COHORTS[cohort])
    }
    assert released(desk, wave) == {("release", customer): 1 for customer in moved}


def test_a_paused_wave_stands_still_over_midnight_and_a_crash_and_is_completed_when_resumed(desk: Desk) -> None:
    wave, moved = half_moved(desk, "paused", "pause")
    as_they_were = _others(desk, wave, moved)

    desk.platform.advance(timedelta(days=1))
    time.sleep(QUIET_SECONDS)
    desk.platform.kill("shop")
    desk.platform.wait_until_ready()
    time.sleep(QUIET_SECONDS)
    wait_until_at_rest(desk)

    assert states(desk, wave) == {"transferred": len(moved), "reminded": COHORTS["paused"] - len(moved)}
    assert _others(desk, wave, moved) == as_they_were
    assert_only(desk, "paused", wave, moved)

    assert desk.step(wave, "resume")["state"] in ("scheduled", "running")
    wait_until_at_rest(desk)

    everybody = set(members_of("paused", COHORTS["paused"]))
    assert desk.get(f"/transfer-waves/{wave}")["state"] == "completed"
    assert states(desk, wave) == {"transferred": len(everybody)}
    assert_only(desk, "paused", wave, everybody)
    assert desk.get(f"/transfer-waves/{wave}/report")["is_reconciled"] is True
    days = Counter(transfer["transfer_on"] for transfer in desk.transfers(wave).values())
    today = desk.platform.now().date()
    assert days == {
        (today - timedelta(days=1)).isoformat(): len(moved),
        today.isoformat(): len(everybody) - len(moved),
    }
    assert charges_of(desk.platform) == []


def test_a_wave_called_off_half_way_keeps_who_moved_and_frees_the_others(desk: Desk) -> None:
    wave, moved = half_moved(desk, "called-off", "cancel")
    everybody = set(members_of("called-off", COHORTS["called-off"]))
    wait_until_at_rest(desk)

    shown = desk.get(f"/transfer-waves/{wave}")
    assert shown["state"] == "cancelled"
    assert shown["states"] == {"transferred": len(moved), "cancelled": len(everybody - moved)}
    assert_only(desk, "called-off", wave, moved)
    assert desk.get(f"/transfer-waves/{wave}/report")["differences"] == []
    page = _page(desk.platform, f"/operator/transfers/waves/{wave}")
    assert f"Moved: {len(moved)}. Not moved: {len(everybody - moved)}." in page

    again = desk.wave("Once more", desk.platform.now().date(), sorted(everybody - moved))
    wait_until_at_rest(desk)

    assert states(desk, again) == {"transferred": len(everybody - moved)}
    known = here(desk, "called-off")
    assert known == dict.fromkeys(known, everybody)

    desk.platform.advance(timedelta(days=3))
    wait_until_at_rest(desk)
    reminded = desk.every("/messages", template="transfer-activation-reminder")
    to = Counter(item["to"] for item in reminded)
    assert {email: to[email] for email in map(email_of, moved)} == {email_of(customer): 1 for customer in moved}


def _others(desk: Desk, wave: str, moved: set[str]) -> dict[str, Any]:
    """The transfers of those who have not moved, in every detail."""
    return {known: transfer for known, transfer in desk.transfers(wave).items() if known not in moved}


def _page(platform: Platform, path: str) -> str:
    visitor = platform.visitor()
    visitor.sign_in(**platform.accounts["operator"])
    return visitor.open(path).text
