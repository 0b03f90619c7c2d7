"""The canonical bundle: six CSV files, read as tolerantly as the rule book asks."""

from collections.abc import Iterator, Mapping

from shop.transfers.legacy_shops.protocol import Bundle, Missing, ReadRow
from shop.transfers.legacy_shops.tolerant_csv import UNREADABLE, Header, Record, read_header, read_records
from shop.transfers.rules.codes import Finding
from shop.transfers.rules.files import FILES, FileSpec


class CanonicalCsv:
    """Reads customers, subscriptions, orders, order lines, payment methods and one-off licenses."""

    source = "canonical"

    def __init__(self, product_map: Mapping[str, str] | None = None) -> None:
        """`product_map` leads from the legacy shop's product codes to ours; codes it lacks stay as they are."""
        self._product_map = product_map or {}

    def missing(self, bundle: Bundle) -> list[Missing]:
        """Every required file that is not there, and every required column that a file lacks."""
        lacking: list[Missing] = []
        for spec in FILES:
            if spec.name not in bundle:
                lacking.append(Missing(spec.name, None))
                continue
            names = read_header(bundle[spec.name], frozenset(spec.columns)).names
            lacking += [Missing(spec.name, c) for c in spec.columns if c in spec.required and c not in names]
        return lacking

    def read(self, bundle: Bundle) -> Iterator[ReadRow | Finding]:
        """Every record of the six files, in the order of the files and their lines."""
        for spec in FILES:
            header = read_header(bundle[spec.name], frozenset(spec.columns))
            pick = [header.position(column) for column in spec.columns]
            for record in read_records(bundle[spec.name], header):
                for item in _canonical(spec, header, pick, record):
                    yield self._with_our_product(spec, item) if self._product_map else item

    def _with_our_product(self, spec: FileSpec, item: ReadRow | Finding) -> ReadRow | Finding:
        if isinstance(item, Finding) or "product_code" not in spec.columns:
            return item
        at = spec.columns.index("product_code")
        code = self._product_map.get(item.values[at], item.values[at])
        return ReadRow(item.file, item.line, (*item.values[:at], code, *item.values[at + 1 :]))

    def place(self, file: str, column: str) -> tuple[str, str]:
        """The bundle is canonical: places are what they are called."""
        return file, column


def _canonical(spec: FileSpec, header: Header, pick: list[int | None], record: Record) -> Iterator[ReadRow | Finding]:
    if record.problem:
        yield Finding(spec.name, record.line, header.names[0], record.problem, "", "")
        return
    fields = record.fields
    fields += [""] * (len(header.names) - len(fields))
    values = tuple("" if at is None else fields[at].strip() for at in pick)
    if any("\x00" in value or UNREADABLE in value for value in values):
        yield from _replaced(spec, record.line, values)
        values = tuple(value.replace("\x00", UNREADABLE) for value in values)
    key = key_of(spec, values)
    if not all(key):
        column = next(column for column, part in zip(spec.key, key, strict=True) if not part)
        yield Finding(spec.name, record.line, column, "missing_id", "", _customer_of(spec, values))
        return
    yield ReadRow(spec.name, record.line, values)


def _replaced(spec: FileSpec, line: int, values: tuple[str, ...]) -> Iterator[Finding]:
    for column, value in zip(spec.columns, values, strict=True):
        if "\x00" in value or UNREADABLE in value:
            key = "/".join(key_of(spec, values)).replace("\x00", UNREADABLE)
            yield Finding(spec.name, line, column, "unreadable_text", key, _customer_of(spec, values))


def key_of(spec: FileSpec, values: tuple[str, ...]) -> list[str]:
    """The parts of the record's key."""
    return [values[spec.columns.index(column)] for column in spec.key]


def _customer_of(spec: FileSpec, values: tuple[str, ...]) -> str:
    if "customer_id" in spec.columns:
        return values[spec.columns.index("customer_id")]
    return values[0] if spec.name == "customers.csv" else ""
