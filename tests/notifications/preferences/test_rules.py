"""What somebody wants, kind by kind."""

import pytest

from notifications.preferences.rules import is_wanted


@pytest.mark.parametrize(
    ("code", "chosen", "wanted"),
    [
        ("order", {}, True),
        ("order", {"order": False}, True),
        ("seats_low", {}, True),
        ("seats_low", {"seats_low": False}, False),
        ("seats_low", {"service": False}, False),
        ("seats_low", {"service": False, "seats_low": True}, False),
        ("seats_waiting", {}, False),
        ("seats_waiting", {"seats_waiting": True}, True),
        ("license_expiring", {"seats_low": False}, True),
        ("marketing", {"service": False}, False),
        ("marketing", {"marketing": True, "service": False}, True),
    ],
)
def test_a_reminder_is_wanted_when_it_and_hints_are(code: str, chosen: dict[str, bool], wanted: bool) -> None:
    assert is_wanted(code, chosen) == wanted
