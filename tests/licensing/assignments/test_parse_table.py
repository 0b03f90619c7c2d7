"""Uploaded tables of addresses."""

from datetime import date

import pytest

from licensing.assignments.parse_addresses import Entry
from licensing.assignments.parse_table import UnreadableTable, parse_table


def test_a_table_is_read_with_the_columns_that_its_first_row_names() -> None:
    table = "\ufeffName;E-Mail;Start_date;End_date\nJane;jane@x.eu;2027-03-01;2027-03-31\nJohn;john@x.eu;;\n"

    assert parse_table(table.encode()) == [
        Entry("jane@x.eu", "jane@x.eu", date(2027, 3, 1), date(2027, 3, 31)),
        Entry("john@x.eu", "john@x.eu"),
    ]


def test_a_table_without_names_has_the_columns_in_order() -> None:
    assert parse_table(b"jane@x.eu,2027-03-01\njohn@x.eu") == [
        Entry("jane@x.eu", "jane@x.eu", date(2027, 3, 1)),
        Entry("john@x.eu", "john@x.eu"),
    ]


def test_bad_days_are_noted_with_their_row() -> None:
    entries = parse_table(b"email,first_day,last_day\na@x.eu,1/3/2027,\nb@x.eu,2027-03-02,2027-03-01\nc@x.eu,,\n")

    assert [entry.has_bad_days for entry in entries] == [True, True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_may_come_out_of_any_spreadsheet_program(encoding: str) -> None:
    table = "Name;Email Address;Start date\nZoé;zoe@x.eu;2027-03-01\n".encode(encoding)

    assert parse_table(table) == [Entry("zoe@x.eu", "zoe@x.eu", date(2027, 3, 1))]


@pytest.mark.parametrize("table", [b"name;phone\nJane;123\n", b'"' + b"a" * 200_000])
def test_a_table_without_addresses_cannot_be_read(table: bytes) -> None:
    with pytest.raises(UnreadableTable):
        parse_table(table)


def test_an_empty_table_has_no_entries() -> None:
    assert parse_table(b"\n \n") == []


def test_days_may_be_written_as_spreadsheet_programs_do() -> None:
    entries = parse_table(b"email;first_day;last_day\na@x.eu;1.3.2027;31.03.2027\nb@x.eu;31.02.2027;\n")

    assert (entries[0].first_day, entries[0].last_day) == (date(2027, 3, 1), date(2027, 3, 31))
    assert entries[1].has_bad_days
