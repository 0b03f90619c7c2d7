"""Where a company's days begin."""

import pytest

from identity.organizations.rules import MOST_COMPANIES, is_time_zone, time_zone_of


@pytest.mark.parametrize(
    ("country", "time_zone"),
    [
        ("DE", "Europe/Berlin"),
        ("AT", "Europe/Vienna"),
        ("LI", "Europe/Vaduz"),
        ("MC", "Europe/Monaco"),
        ("KR", "Asia/Seoul"),
        ("NZ", "Pacific/Auckland"),
        ("US", "America/New_York"),
        ("ZZ", "UTC"),
        ("", "UTC"),
    ],
)
def test_days_begin_at_the_midnight_of_the_country(country: str, time_zone: str) -> None:
    assert time_zone_of(country) == time_zone


def test_every_zone_that_is_named_exists() -> None:
    assert all(is_time_zone(time_zone) for time_zone in MOST_COMPANIES.values())
