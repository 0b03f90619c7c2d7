"""What stands on a printed invoice is written as its reader writes it."""

import pytest

from shop.invoices.labels import days_in


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("de", "01.12.2026 – 24.11.2027"),
        ("fr", "1er déc. 2026 – 24 nov. 2027"),
        ("it", "1º dic 2026 – 24 nov 2027"),
        ("en", "Dec 1, 2026 – Nov 24, 2027"),
    ],
)
def test_the_days_of_a_line_are_written_for_people(locale: str, written: str) -> None:
    assert days_in("2026-12-01 – 2027-11-24", locale) == written


@pytest.mark.parametrize("text", ["Article 2026-1234-56, pack", "Model 2026-02-30", "", "12026-12-01"])
def test_what_is_no_day_stays_as_it_is(text: str) -> None:
    assert days_in(text, "de") == text
