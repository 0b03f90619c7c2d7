"""Which tile is for whom, at which moment."""

from datetime import UTC, datetime, timedelta

from identity.applications.rules import (
    Grant,
    Place,
    Visible,
    places_that_count,
    visible_by_entitlement,
    visible_by_role,
)

NOW = datetime(2027, 2, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def grant(first: datetime, until: datetime | None, reason: str = "assigned") -> Grant:
    return Grant("org_x", reason, first, until)


def test_nothing_granted_shows_nothing() -> None:
    assert visible_by_entitlement([], NOW) is None


def test_a_grant_counts_from_its_first_instant_to_before_its_end() -> None:
    assert visible_by_entitlement([grant(NOW, NOW + HOUR)], NOW) == Visible("assigned", NOW + HOUR)
    assert visible_by_entitlement([grant(NOW + HOUR, None)], NOW) is None
    assert visible_by_entitlement([grant(NOW - HOUR, NOW)], NOW) is None


def test_the_grant_that_lasts_longest_is_told() -> None:
    short, long, endless = grant(NOW, NOW + HOUR), grant(NOW, NOW + 2 * HOUR, "one_off"), grant(NOW, None, "grace")
    assert visible_by_entitlement([short, long], NOW) == Visible("one_off", NOW + 2 * HOUR)
    assert visible_by_entitlement([long, endless, short], NOW) == Visible("grace", None)


def test_roles_unlock_only_where_they_are_held() -> None:
    new = Place("org_new", frozenset({"owner"}), is_transferred=False)
    moved = Place("org_moved", frozenset({"member"}), is_transferred=True)
    assert visible_by_role([new, moved], ["owner"], only_transferred=False) == Visible("role")
    assert visible_by_role([new, moved], ["owner"], only_transferred=True) is None
    assert visible_by_role([moved], ["owner"], only_transferred=False) is None


def test_the_active_organization_alone_counts() -> None:
    one, other = Place("org_1", frozenset(), False), Place("org_2", frozenset(), False)
    assert places_that_count([one, other], "org_2") == [other]
    assert places_that_count([one, other], None) == [one, other]
    assert places_that_count([one, other], "org_3") == []
