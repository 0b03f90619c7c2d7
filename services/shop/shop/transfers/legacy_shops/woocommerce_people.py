"""Who the rows of WooCommerce's export are about."""

from dataclasses import dataclass, field
from pathlib import Path

from shop.transfers.legacy_shops.protocol import ReadRow
from shop.transfers.legacy_shops.woocommerce_rows import (
    Row,
    address_of,
    canonical_row,
    own_id,
    rows_of,
    value_of,
)
from shop.transfers.rules.codes import Finding
from shop.transfers.rules.files import CUSTOMERS


@dataclass(slots=True)
class People:
    """Who the rows are about: the id of each address, and the newest row of each customer with its line."""

    id_of_address: dict[str, str] = field(default_factory=dict)
    newest: dict[str, tuple[int, Row]] = field(default_factory=dict)


def people_of(path: Path) -> People:
    """Read the whole file once: memory grows with the customers, not with the rows."""
    people = People()
    for item in rows_of(path):
        if isinstance(item, Finding):
            continue
        line, row = item
        known, address = own_id(row), address_of(row)
        if known and address:
            people.id_of_address.setdefault(address.lower(), known)
        name = known or address.lower() or value_of(row, "customer_username")
        if name:
            _keep_newest(people, name, line, row)
    for address, known in people.id_of_address.items():
        if address in people.newest:
            line, row = people.newest.pop(address)
            _keep_newest(people, known, line, row)
    return people


def _keep_newest(people: People, name: str, line: int, row: Row) -> None:
    before = people.newest.get(name)
    if before is None or (value_of(before[1], "start_date"), before[0]) <= (value_of(row, "start_date"), line):
        people.newest[name] = (line, row)


def customer_id_of(row: Row, people: People) -> str:
    """The id of the row, else the id another row gives its address, else the address, else the username."""
    if known := own_id(row):
        return known
    address = address_of(row).lower()
    return people.id_of_address.get(address) or address or value_of(row, "customer_username")


def customer_row(customer_id: str, line: int, row: Row) -> ReadRow:
    """The canonical customer, from its newest row."""
    first_name, last_name = value_of(row, "billing_first_name"), value_of(row, "billing_last_name")
    street = [value_of(row, "billing_address_1"), value_of(row, "billing_address_2")]
    return canonical_row(
        CUSTOMERS.name,
        line,
        legacy_id=customer_id,
        company=value_of(row, "billing_company") or f"{first_name} {last_name}".strip(),
        email=address_of(row),
        first_name=first_name,
        last_name=last_name,
        country=value_of(row, "billing_country"),
        street=", ".join(part for part in street if part),
        postal_code=value_of(row, "billing_postcode"),
        city=value_of(row, "billing_city"),
        phone=value_of(row, "billing_phone"),
    )
