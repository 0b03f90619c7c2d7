"""The reconciliation of a wave: old side from the export's rows, new side from this shop, item by item."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from shop.orders import queries as orders
from shop.payment_methods import queries as payment_methods
from shop.subscriptions import queries as subscriptions
from shop.transfers.dossiers import dossiers_of
from shop.transfers.models import transfers
from shop.transfers.reports.compare import Compared, compare_customer
from shop.transfers.reports.schemas import (
    Difference,
    NotMoved,
    Reconciliation,
    ReportRow,
    SeatCount,
)
from shop.transfers.states import AFTER

BATCH = 250


@dataclass(slots=True)
class Sums:
    """Count and sum of one kind and currency on both sides."""

    old: int = 0
    new: int = 0
    old_sum: int = 0
    new_sum: int = 0


@dataclass(slots=True)
class Tally:
    """What the report adds up while it goes through the wave, batch by batch."""

    states: Counter[str] = field(default_factory=Counter)
    sums: dict[tuple[str, str | None], Sums] = field(default_factory=lambda: defaultdict(Sums))
    differences: list[Difference] = field(default_factory=list)
    not_moved: list[NotMoved] = field(default_factory=list)
    seats: Counter[str] = field(default_factory=Counter)


async def reconcile(reader: Reader, wave: Row[Any]) -> Reconciliation:
    """Compare both sides for every customer of the wave that has moved, and name those that have not."""
    tally = Tally()
    last = ""
    while rows := await _next_rows(reader, wave.id, last):
        last = rows[-1].id
        for row in rows:
            tally.states[row.state] += 1
            if row.state not in AFTER:
                tally.not_moved.append(_not_moved(row))
        await _compare(reader, [row for row in rows if row.state in AFTER], tally)
    return _report(reader, wave, tally)


async def _compare(reader: Reader, moved: list[Row[Any]], tally: Tally) -> None:
    known = await dossiers_of(reader, [row.legacy_customer_id for row in moved])
    new_subscriptions = {item.id: item for item in await subscriptions.by_ids(reader, _ids(moved, "subscriptions"))}
    new_orders = await orders.totals_of(reader, _ids(moved, "orders"))
    new_methods = await payment_methods.present(reader, _ids(moved, "payment_methods"))
    for row in moved:
        tally.seats.update(row.moved["seats"])
        tally.sums[("customers", None)].old += 1
        tally.sums[("customers", None)].new += 1
        found = known.get(row.legacy_customer_id)
        if found is not None:
            compared = compare_customer(row, found.dossier, new_subscriptions, new_orders, new_methods)
            _add(tally, compared)


def _add(tally: Tally, compared: Compared) -> None:
    for kind, currency, amount, is_new in compared.counted:
        sums = tally.sums[(kind, currency)]
        if is_new:
            sums.new += 1
            sums.new_sum += amount
        else:
            sums.old += 1
            sums.old_sum += amount
    tally.differences += compared.differences


def _report(reader: Reader, wave: Row[Any], tally: Tally) -> Reconciliation:
    content: dict[str, Any] = {
        "wave_id": wave.id,
        "name": wave.name,
        "transfer_on": wave.transfer_on,
        "state": wave.state,
        "customers": dict(sorted(tally.states.items())),
        "rows": [_row(kind, currency, sums) for (kind, currency), sums in _ordered(tally)],
        "differences": tally.differences,
        "not_moved": tally.not_moved,
        "seats": SeatCount(**{name: tally.seats[name] for name in SeatCount.model_fields}),
        "is_reconciled": not tally.differences,
    }
    report = Reconciliation(**content, generated_at=reader.now, digest="")
    return report.model_copy(update={"digest": digest_of(report)})


def digest_of(report: Reconciliation) -> str:
    """SHA-256 of the report's canonical JSON: the same facts always give the same digest."""
    content = report.model_dump(mode="json", exclude={"generated_at", "digest"})
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _ordered(tally: Tally) -> list[tuple[tuple[str, str | None], Sums]]:
    return sorted(tally.sums.items(), key=lambda item: (item[0][0], item[0][1] or ""))


def _row(kind: Any, currency: str | None, sums: Sums) -> ReportRow:
    has_money = currency is not None
    return ReportRow(
        kind=kind,
        currency=currency,
        old_count=sums.old,
        new_count=sums.new,
        old_sum=sums.old_sum if has_money else None,
        new_sum=sums.new_sum if has_money else None,
        difference_count=sums.new - sums.old,
        difference_sum=sums.new_sum - sums.old_sum if has_money else None,
    )


def _not_moved(row: Row[Any]) -> NotMoved:
    return NotMoved(
        customer=row.legacy_customer_id,
        company=row.company,
        state=row.state,
        code=row.failure_code or next(iter(row.codes), None),
        detail=row.failure_detail,
    )


def _ids(moved: list[Row[Any]], kind: str) -> list[str]:
    return [item["id"] for row in moved for item in row.moved[kind]]


async def _next_rows(reader: Reader, wave_id: str, after: str) -> list[Row[Any]]:
    statement = select(transfers).where(transfers.c.wave_id == wave_id, transfers.c.id > after)
    return await reader.all(statement.order_by(transfers.c.id).limit(BATCH))
