"""The answer to “may this person use this product now?”, as a table."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from licensing.entitlements.rules import Claim, decide, windows

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def at(month: int, day: int) -> datetime:
    return datetime(2027, month, day, tzinfo=UTC)


SEAT = Claim(
    organization_id="org_1",
    license_id="lic_1",
    assignment_id="asg_1",
    starts_at=at(2, 1),
    ends_at=None,
    closed_at=None,
    closed_reason=None,
    access_from=at(1, 1),
    assured_until=at(4, 1),
    access_until=at(4, 8),
    lapse="license_suspended",
)
ONE_OFF = replace(
    SEAT,
    license_id="lic_2",
    assignment_id=None,
    starts_at=at(1, 1),
    ends_at=None,
    assured_until=None,
    access_until=None,
)

TABLE = [
    ("a running assignment", [SEAT], "assigned", at(4, 1)),
    ("a dated one, until its end", [replace(SEAT, ends_at=at(3, 20))], "assigned", at(3, 20)),
    ("the renewal is under way", [replace(SEAT, assured_until=at(3, 10))], "grace", at(4, 8)),
    ("a one-off license without expiry", [ONE_OFF], "one_off", None),
    ("a seat says more than a one-off", [ONE_OFF, SEAT], "assigned", at(4, 1)),
    ("a one-off says more than grace", [replace(SEAT, assured_until=at(3, 1)), ONE_OFF], "one_off", None),
    ("for later", [replace(SEAT, starts_at=at(3, 11))], "not_started", None),
    ("the license begins later", [replace(SEAT, access_from=at(3, 11))], "not_started", None),
    ("its last day is over", [replace(SEAT, ends_at=at(3, 10))], "assignment_ended", None),
    ("taken away", [replace(SEAT, closed_at=NOW, closed_reason="deactivated")], "deactivated", None),
    ("handed over", [replace(SEAT, closed_at=NOW, closed_reason="reassigned")], "deactivated", None),
    ("not paid", [replace(SEAT, assured_until=at(3, 1), access_until=at(3, 10))], "license_suspended", None),
    ("over", [replace(SEAT, access_until=at(3, 10), lapse="license_ended")], "license_ended", None),
    ("ended with its license", [replace(SEAT, closed_at=NOW, closed_reason="license_ended")], "license_ended", None),
    ("used up", [replace(ONE_OFF, units_used_up=True)], "units_used_up", None),
    (
        "suspended says more than deactivated",
        [
            replace(SEAT, closed_at=NOW, closed_reason="deactivated"),
            replace(SEAT, assured_until=at(3, 1), access_until=at(3, 10)),
        ],
        "license_suspended",
        None,
    ),
    (
        "the newest of two past ones",
        [
            replace(SEAT, starts_at=at(1, 5), closed_at=NOW, closed_reason="deactivated"),
            replace(SEAT, starts_at=at(2, 5), ends_at=at(2, 9)),
        ],
        "assignment_ended",
        None,
    ),
    ("nothing", [], "not_assigned", None),
]


@pytest.mark.parametrize(("name", "claims", "reason", "until"), TABLE, ids=[row[0] for row in TABLE])
def test_decisions(name: str, claims: list[Claim], reason: str, until: datetime | None) -> None:
    decision = decide(claims, now=NOW, is_known_product=True, has_pending_transfer=False)

    assert decision.reason == reason
    assert decision.allowed == (reason in ("assigned", "one_off", "grace"))
    assert decision.valid_until == until


def test_the_longest_access_counts() -> None:
    longer = replace(SEAT, assured_until=at(5, 1), access_until=at(5, 8))

    decision = decide([SEAT, longer], now=NOW, is_known_product=True, has_pending_transfer=False)

    assert decision.valid_until == at(5, 1)


@pytest.mark.parametrize(
    ("claims", "is_known", "is_pending", "reason"),
    [
        ([], False, False, "unknown_product"),
        ([], True, True, "transfer_pending"),
        ([], False, True, "transfer_pending"),
        ([replace(SEAT, closed_at=NOW, closed_reason="rolled_back")], True, True, "transfer_pending"),
        ([SEAT], True, True, "assigned"),
    ],
)
def test_products_and_transfers(claims: list[Claim], is_known: bool, is_pending: bool, reason: str) -> None:
    decision = decide(claims, now=NOW, is_known_product=is_known, has_pending_transfer=is_pending)

    assert decision.reason == reason


def test_windows_cover_assured_time_and_grace_without_a_gap() -> None:
    assured, grace = windows(SEAT)

    assert (assured.reason, assured.valid_from, assured.valid_until) == ("assigned", at(2, 1), at(4, 1))
    assert (grace.reason, grace.valid_from, grace.valid_until) == ("grace", at(4, 1), at(4, 8))
    assert list(windows(replace(SEAT, closed_at=NOW, closed_reason="deactivated"))) == []
    assert [w.reason for w in windows(replace(SEAT, assured_until=at(1, 1)))] == ["grace"]
