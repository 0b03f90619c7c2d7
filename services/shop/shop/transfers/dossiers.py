"""Dossiers of customers, read in batches: seven statements for any number of customers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.db.transaction import Reader
from shop.customers.queries import organizations_by_email
from shop.transfers.models import CONFLICTING, FIRST_OF_MANY, LEGACY, SAME_AGAIN
from shop.transfers.rules.files import FILES, FileSpec
from shop.transfers.rules.rows import (
    Customer,
    Dossier,
    OneOffLicense,
    Order,
    OrderLine,
    PaymentMethod,
    Subscription,
)

SHAPES: dict[str, Any] = {
    "customers.csv": Customer,
    "subscriptions.csv": Subscription,
    "orders.csv": Order,
    "order_lines.csv": OrderLine,
    "payment_methods.csv": PaymentMethod,
    "one_off_licenses.csv": OneOffLicense,
}
ENTRIES = (
    "SELECT d.legacy_id, d.load, d.exported_on, d.organization_id, d.email_key, d.email_key <> '' AND EXISTS"
    " (SELECT 1 FROM legacy_directory other WHERE other.email_key = d.email_key"
    " AND other.legacy_id <> d.legacy_id) AS is_shared"
    " FROM legacy_directory d WHERE d.legacy_id = ANY($1)"
)
READING_CODES = (
    "SELECT f.customer, f.code FROM import_findings f"
    " JOIN unnest($1::int[], $2::text[]) AS wanted(load, id) ON f.load = wanted.load AND f.customer = wanted.id"
    " WHERE f.stage = 'reading' GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A customer as the last export tells of it: the dossier, the export's day, the organization if any."""

    dossier: Dossier
    load: int
    exported_on: date
    organization_id: str | None


async def dossiers_of(reader: Reader, legacy_ids: Iterable[str]) -> dict[str, Known]:
    """The dossiers of these customers by legacy id; unknown ones are left out."""
    raw = (await reader.connection.get_raw_connection()).driver_connection
    assert raw is not None
    entries = await raw.fetch(ENTRIES, list(legacy_ids))
    loads, known = [entry["load"] for entry in entries], [entry["legacy_id"] for entry in entries]
    rows = {spec.name: await _rows(raw, spec, loads, known) for spec in FILES}
    codes: dict[str, set[str]] = defaultdict(set)
    for found in await raw.fetch(READING_CODES, loads, known):
        codes[found["customer"]].add(found["code"])
    owners = await organizations_by_email(reader, {e["email_key"] for e in entries if e["email_key"]})
    return {
        entry["legacy_id"]: Known(
            dossier=_dossier(entry, rows, codes[entry["legacy_id"]], owners),
            load=entry["load"],
            exported_on=entry["exported_on"],
            organization_id=entry["organization_id"],
        )
        for entry in entries
        if rows["customers.csv"].get(entry["legacy_id"])
    }


def _dossier(
    entry: Any, rows: dict[str, dict[str, list[Any]]], codes: set[str], owners: dict[str, set[str]]
) -> Dossier:
    known = entry["legacy_id"]
    found = {name: of_customers.get(known, []) for name, of_customers in rows.items()}
    if any(repeat == FIRST_OF_MANY for listed in found.values() for repeat, _ in listed):
        codes = codes | {"duplicate_id"}
    others = owners.get(entry["email_key"], set()) - {entry["organization_id"]}
    return Dossier(
        customer=found["customers.csv"][0][1],
        subscriptions=tuple(row for _, row in found["subscriptions.csv"]),
        orders=tuple(row for _, row in found["orders.csv"]),
        lines=tuple(row for _, row in found["order_lines.csv"]),
        payment_methods=tuple(row for _, row in found["payment_methods.csv"]),
        one_offs=tuple(row for _, row in found["one_off_licenses.csv"]),
        reading_codes=frozenset(codes),
        email_is_shared=entry["is_shared"],
        account_exists=bool(others),
    )


async def _rows(
    raw: Any, spec: FileSpec, loads: list[int], known: list[str]
) -> dict[str, list[tuple[int | None, Any]]]:
    shape = SHAPES[spec.name]
    grouped: dict[str, list[tuple[int | None, Any]]] = defaultdict(list)
    for owner, repeat, line, *values in await raw.fetch(_ROWS_SQL[spec.name], loads, known):
        grouped[owner].append((repeat, shape(line, *values)))
    return grouped


def _rows_sql(spec: FileSpec) -> str:
    table = LEGACY[spec.name].name
    columns = ", ".join(f"r.{column}" for column in ("repeat", "line", *spec.columns))
    skipped = f"({SAME_AGAIN}, {CONFLICTING})"
    if spec.name == "order_lines.csv":
        return (
            f"SELECT o.customer_id, {columns} FROM unnest($1::int[], $2::text[]) AS wanted(load, id)"  # noqa: S608
            f" JOIN legacy_orders o ON o.load = wanted.load AND o.customer_id = wanted.id"
            f" AND (o.repeat IS NULL OR o.repeat NOT IN {skipped})"
            f" JOIN {table} r ON r.load = o.load AND r.order_id = o.legacy_id"
            f" WHERE r.repeat IS NULL OR r.repeat NOT IN {skipped} ORDER BY r.line"
        )
    owner = "legacy_id" if spec.name == "customers.csv" else "customer_id"
    return (
        f"SELECT r.{owner}, {columns} FROM unnest($1::int[], $2::text[]) AS wanted(load, id)"  # noqa: S608
        f" JOIN {table} r ON r.load = wanted.load AND r.{owner} = wanted.id"
        f" WHERE r.repeat IS NULL OR r.repeat NOT IN {skipped} ORDER BY r.line"
    )


_ROWS_SQL = {spec.name: _rows_sql(spec) for spec in FILES}
