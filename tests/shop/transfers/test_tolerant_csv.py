"""Records of CSV files as shops write them: what is read, on which line, and what one bad line may never take along."""

from pathlib import Path

import pytest

from shop.transfers.legacy_shops.tolerant_csv import LONGEST_FIELD, read_header, read_records

HEADER = "id,company,country\n"


def records_of(folder: Path, body: str) -> list[tuple[int, str | None, str]]:
    """Line, problem and first field of each record after the header."""
    path = folder / "customers.csv"
    path.write_text(HEADER + body, encoding="utf-8", newline="")
    header = read_header(path, frozenset(("id", "company", "country")))
    return [(record.line, record.problem, "".join(record.fields[:1])) for record in read_records(path, header)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_breaks_in_quoted_fields_belong_to_one_record(tmp_path: Path, end: str):
    body = end.join(('C1,"Two', 'lines",DE', 'C2,"A ""quoted"" name",FR', "", 'C3,"No', "", 'end of line",IT'))

    assert records_of(tmp_path, body) == [(2, None, "C1"), (4, None, "C2"), (6, None, "C3")]


@pytest.mark.parametrize(
    "rest",
    [
        "C2,Two,DE\nC3,Three,DE\n",
        'C2,Two,DE\nC3,"Three",DE\n',
        'C2,"Two\nlines",DE\nC3,Three,DE',
        'C2,Two,DE\nC3,Three,"DE"\n',
    ],
)
def test_a_quote_that_is_never_closed_swallows_nobody_else(tmp_path: Path, rest: str):
    [bad, *others] = records_of(tmp_path, 'C1,"Never closed,DE\n' + rest)

    assert bad[:2] == (2, "unreadable_row")
    assert [(problem, key) for _, problem, key in others] == [(None, "C2"), (None, "C3")]
    assert others[0][0] == 3


def test_a_field_longer_than_any_real_one_costs_its_own_line_only(tmp_path: Path):
    endless = "x" * (LONGEST_FIELD + 1)

    found = records_of(tmp_path, f'C1,"{endless}",DE\nC2,"{"y" * 600_000}\nC3,{"z" * 600_000},DE\nC4,Four,DE\n')

    assert found == [(2, "unreadable_row", ""), (3, "unreadable_row", ""), (4, None, "C3"), (5, None, "C4")]


def test_quotes_astray_within_one_line_are_read_as_they_stand(tmp_path: Path):
    assert records_of(tmp_path, 'C1,Foo "Bar" GmbH,DE\nC2,"Foo" ,DE\nC3,"5" pipes",DE\n') == [
        (2, None, "C1"), (3, None, "C2"), (4, None, "C3"),
    ]  # fmt: skip


def test_the_last_line_may_be_the_one_with_the_open_quote(tmp_path: Path):
    assert records_of(tmp_path, 'C1,One,DE\nC2,"Two,DE') == [(2, None, "C1"), (3, "unreadable_row", "C2")]
