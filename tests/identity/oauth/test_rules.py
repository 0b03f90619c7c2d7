"""The provider's decisions, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.oauth.rules import (
    Progress,
    SignedIn,
    Step,
    Wishes,
    active_organization,
    is_local_path,
    next_step,
    refresh_expiry,
    refresh_verdict,
    roles_in_token,
)

NOW = datetime(2027, 2, 5, 9, 0, tzinfo=UTC)
ANNA = SignedIn("acc_anna", NOW - timedelta(minutes=30))
FRESH = SignedIn("acc_anna", NOW)
BEGUN = Progress(started_at=NOW - timedelta(minutes=1))


def wishes(*prompts: str, max_age: int | None = None, hint: str | None = None) -> Wishes:
    return Wishes(frozenset(prompts), max_age, hint)


@pytest.mark.parametrize(
    ("asked", "signed_in", "progress", "consent_missing", "expected"),
    [
        (wishes(), None, None, False, "login"),
        (wishes(), ANNA, None, False, "proceed"),
        (wishes(), ANNA, None, True, "consent"),
        (wishes("login"), ANNA, None, False, "login"),
        (wishes("login"), ANNA, BEGUN, False, "login"),
        (wishes("login"), FRESH, BEGUN, False, "proceed"),
        (wishes("login", "consent"), FRESH, BEGUN, False, "consent"),
        (wishes(max_age=3600), ANNA, None, False, "proceed"),
        (wishes(max_age=600), ANNA, None, False, "login"),
        (wishes(max_age=0), FRESH, None, False, "login"),
        (wishes(max_age=0), FRESH, BEGUN, False, "proceed"),
        (wishes(hint="acc_ben"), ANNA, None, False, "login"),
        (wishes(hint="acc_anna"), ANNA, None, False, "proceed"),
        (wishes("select_account"), ANNA, None, False, "select_account"),
        (wishes("select_account"), ANNA, BEGUN, False, "select_account"),
        (wishes("select_account"), ANNA, Progress(BEGUN.started_at, is_account_chosen=True), False, "proceed"),
        (wishes("select_account"), FRESH, BEGUN, False, "proceed"),
        (wishes("consent"), ANNA, None, False, "consent"),
        (wishes("consent"), ANNA, Progress(BEGUN.started_at, is_consented=True), False, "proceed"),
    ],
)
def test_what_the_person_must_do_next(
    asked: Wishes, signed_in: SignedIn | None, progress: Progress | None, consent_missing: bool, expected: Step
) -> None:
    """OpenID Connect Core 1.0 §3.1.2.3."""
    assert next_step(asked, signed_in, progress, is_consent_missing=consent_missing, now=NOW) == expected


@pytest.mark.parametrize(
    ("used", "expires", "expected"),
    [
        (None, timedelta(seconds=1), "fresh"),
        (None, timedelta(0), "expired"),
        (timedelta(seconds=10), timedelta(days=1), "repeated"),
        (timedelta(seconds=11), timedelta(days=1), "stolen"),
        (timedelta(seconds=11), timedelta(days=-1), "stolen"),
    ],
)
def test_what_to_make_of_a_refresh_token(used: timedelta | None, expires: timedelta, expected: str) -> None:
    """RFC 9700 §4.14.2; used so long ago, expiring in so long."""
    used_at = None if used is None else NOW - used
    assert refresh_verdict(used_at=used_at, expires_at=NOW + expires, now=NOW) == expected


def test_a_refresh_token_never_outlives_its_grant() -> None:
    assert refresh_expiry(NOW, now=NOW) == NOW + timedelta(days=14)
    assert refresh_expiry(NOW - timedelta(days=80), now=NOW) == NOW + timedelta(days=10)


@pytest.mark.parametrize(
    ("wanted", "belongs_to", "expected"),
    [
        ("org_b", ["org_a", "org_b"], "org_b"),
        ("org_c", ["org_a", "org_b"], "org_a"),
        (None, ["org_a"], "org_a"),
        (None, [], None),
        ("org_a", [], None),
    ],
)
def test_the_organization_a_token_acts_in(wanted: str | None, belongs_to: list[str], expected: str | None) -> None:
    assert active_organization(wanted, belongs_to) == expected


@pytest.mark.parametrize(
    ("operator_roles", "second_factor", "needed", "expected"),
    [
        ((), True, True, ("owner",)),
        (("operator",), False, True, ("owner",)),
        (("operator",), True, True, ("owner", "operator")),
        (("operator",), False, False, ("owner", "operator")),
        (("auditor",), True, True, ("owner", "auditor")),
    ],
)
def test_staff_need_a_second_factor_where_it_is_demanded(
    operator_roles: tuple[str, ...], second_factor: bool, needed: bool, expected: tuple[str, ...]
) -> None:
    roles = roles_in_token(
        ["owner"], operator_roles=operator_roles, has_second_factor=second_factor, second_factor_needed=needed
    )
    assert roles == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/", True),
        ("/account?tab=2#x", True),
        ("", False),
        ("account", False),
        ("//attacker.example", False),
        ("/\\attacker.example", False),
        ("/a\\b", False),
        ("/\t/attacker.example", False),
        ("https://attacker.example", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_paths_of_our_own_are_returned_to(text: str, expected: bool) -> None:
    """RFC 9700 §4.11.2: no open redirector."""
    assert is_local_path(text) is expected
