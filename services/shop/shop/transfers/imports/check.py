"""Deciding about every customer of an import for a provisional date, and keeping the findings."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, text

from chassis.db.transaction import Database, Reader
from shop.transfers.evaluate import Evaluated, Plan, World, evaluate
from shop.transfers.imports.progress import report
from shop.transfers.imports.stage import copy_findings, finding_record
from shop.transfers.models import LEGACY, directory, findings
from shop.transfers.rules.candidates import reason_to_stay
from shop.transfers.rules.codes import MOVES
from shop.transfers.rules.rows import Subscription
from shop.transfers.rules.summary import Summary

BATCH = 500
REMEMBER = text(
    """
    UPDATE legacy_directory d SET outcome = w.outcome, codes = string_to_array(w.codes, ' '),
        warnings = string_to_array(w.warnings, ' '), region = w.region, seats = w.seats,
        renews_from = w.renews_from, renews_to = w.renews_to
    FROM unnest(CAST(:ids AS text[]), CAST(:outcomes AS text[]), CAST(:codes AS text[]),
        CAST(:warnings AS text[]), CAST(:regions AS text[]), CAST(:seats AS int[]),
        CAST(:renews_from AS date[]), CAST(:renews_to AS date[]))
        AS w(legacy_id, outcome, codes, warnings, region, seats, renews_from, renews_to)
    WHERE d.legacy_id = w.legacy_id AND d.moved_at IS NULL
    """
)


async def check(
    database: Database, *, import_id: str, load: int, exported_on: date, transfer_on: date, world: World
) -> dict[str, Any]:
    """Decide about every customer whose current facts are this import's; the summary of it all.

    Bounded memory: one batch of customers at a time. Running it again replaces what it found before.
    """
    async with database.transaction() as tx:
        await tx.execute(delete(findings).where(findings.c.load == load, findings.c.stage == "rules"))
    summary = Summary()
    done = 0
    async for batch in _batches(database, load):
        async with database.transaction() as tx:
            found = await evaluate(tx, dict.fromkeys(batch, Plan(transfer_on)), world)
            raw = (await tx.connection.get_raw_connection()).driver_connection
            noted = [f for evaluated in found.values() for f in evaluated.decision.findings]
            await copy_findings(raw, [finding_record(load, "rules", finding) for finding in noted])
            await tx.execute(REMEMBER, _remembered(list(found.values())))
        for evaluated in found.values():
            summary.add(evaluated.decision)
        done += len(batch)
        await report(database, import_id, {"phase": "checking", "customers": done})
    async with database.read() as reader:
        await _add_orphans(reader, summary, load, exported_on, transfer_on)
        await _add_reading_findings(reader, summary, load)
    return summary.as_dict()


async def _batches(database: Database, load: int) -> AsyncIterator[list[str]]:
    last = ""
    while True:
        statement = select(directory.c.legacy_id).where(
            directory.c.load == load, directory.c.legacy_id > last, directory.c.moved_at.is_(None)
        )
        async with database.read() as reader:
            rows = await reader.all(statement.order_by(directory.c.legacy_id).limit(BATCH))
        if not rows:
            return
        last = rows[-1].legacy_id
        yield [row.legacy_id for row in rows]


def _remembered(found: list[Evaluated]) -> dict[str, list[Any]]:
    decisions = [evaluated.decision for evaluated in found]
    renewals = [
        [
            s.term.next_renewal_on
            for s in decision.subscriptions
            if s.term and s.outcome in (MOVES, "blocked", "renews_before_transfer")
        ]
        for decision in decisions
    ]
    return {
        "ids": [decision.customer.legacy_id for decision in decisions],
        "outcomes": [decision.outcome for decision in decisions],
        "codes": [" ".join(decision.codes) for decision in decisions],
        "warnings": [" ".join(decision.warnings) for decision in decisions],
        "regions": [decision.region for decision in decisions],
        "seats": [decision.seats.seats if decision.outcome == MOVES else 0 for decision in decisions],
        "renews_from": [min(days, default=None) for days in renewals],
        "renews_to": [max(days, default=None) for days in renewals],
    }


async def _add_orphans(reader: Reader, summary: Summary, load: int, exported_on: date, transfer_on: date) -> None:
    """Records without a customer belong to nobody's decision; the totals count them all the same."""
    subscriptions = LEGACY["subscriptions.csv"]
    columns = [subscriptions.c[name] for name in Subscription.__dataclass_fields__]
    for row in await reader.all(_orphaned(select(*columns), "subscriptions.csv", load)):
        reason = reason_to_stay(Subscription(*row), exported_on=exported_on, transfer_on=transfer_on)
        summary.subscriptions.count(reason or "orphan_subscription")
    stays = (
        ("orders.csv", summary.orders, "order_of_nothing_moved"),
        ("payment_methods.csv", summary.payment_methods, "method_unused"),
        ("one_off_licenses.csv", summary.one_offs, "one_off"),
    )
    for file, tally, reason in stays:
        counted = select(func.count()).select_from(LEGACY[file])
        for _ in range(await reader.scalar(_orphaned(counted, file, load)) or 0):
            tally.count(reason)


def _orphaned(statement: Any, file: str, load: int) -> Any:
    table, customers = LEGACY[file], LEGACY["customers.csv"]
    known = (
        select(customers.c.legacy_id)
        .where(customers.c.load == load, customers.c.legacy_id == table.c.customer_id)
        .exists()
    )
    return statement.where(table.c.load == load, func.coalesce(table.c.repeat, 1) == 1, ~known)


async def _add_reading_findings(reader: Reader, summary: Summary, load: int) -> None:
    counted = select(findings.c.code, func.count().label("number")).where(
        findings.c.load == load, findings.c.stage == "reading"
    )
    for row in await reader.all(counted.group_by(findings.c.code)):
        summary.findings[row.code] += row.number
