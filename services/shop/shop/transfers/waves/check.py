"""The dry run of a wave: read-only and repeatable, by the same rules as the transfer itself."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from shop.transfers.dry_run.schemas import BothSides, CheckedCustomer, Side
from shop.transfers.dry_run.show import customer_shown
from shop.transfers.evaluate import Evaluated, World, evaluate_transfers
from shop.transfers.models import transfers
from shop.transfers.rules.moving import moving
from shop.transfers.rules.summary import Summary

BATCH = 50
Progress = Callable[[int], Awaitable[None]]


@dataclass(slots=True)
class Checked:
    """Sums, the first customers, and every decision's codes by transfer."""

    summary: Summary = field(default_factory=Summary)
    arriving: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    customers: list[CheckedCustomer] = field(default_factory=list)
    last_shown: str | None = None
    has_more: bool = False

    @property
    def money(self) -> list[BothSides]:
        """Both shops per currency."""
        leaving = self.summary.as_dict()["money"]
        names = tuple(Side.model_fields)
        sides = []
        for currency in sorted({*leaving, *self.arriving}):
            old = Side(**{name: leaving.get(currency, {}).get(name, 0) for name in names})
            new = Side(**{name: self.arriving.get(currency, {}).get(name, 0) for name in names})
            sides.append(BothSides(currency=currency, old_shop=old, new_shop=new, is_equal=old == new))
        return sides


async def check(
    reader: Reader, wave: Row[Any], world: World, *, shown: int, progress: Progress | None = None
) -> Checked:
    """Decide about every customer of the wave, each for its own day; the first `shown` are told in full.

    Small batches, so that a large wave needs little memory and lets everybody else in between; `progress` hears
    how many customers are decided.
    """
    checked = Checked()
    last, done = "", 0
    while rows := await _next_rows(reader, wave.id, last, BATCH):
        last, done = rows[-1].id, done + len(rows)
        if progress is not None:
            await progress(done)
        found = await evaluate_transfers(reader, rows, world)
        await asyncio.to_thread(_take_in, checked, rows, found, shown)
    return checked


async def checked_page(
    reader: Reader, wave_id: str, world: World, *, after: str, limit: int
) -> tuple[list[CheckedCustomer], str | None]:
    """Some customers of the wave in full, and where the rest begins."""
    rows = await _next_rows(reader, wave_id, after, limit + 1)
    shown = rows[:limit]
    page = Checked()
    await asyncio.to_thread(_take_in, page, shown, await evaluate_transfers(reader, shown, world), limit)
    return page.customers, shown[-1].id if len(rows) > limit else None


def _take_in(checked: Checked, rows: Sequence[Row[Any]], found: Mapping[str, Evaluated], shown: int) -> None:
    """Add these decisions up; outside the event loop, which has others to serve meanwhile."""
    for row in rows:
        evaluated = found.get(row.legacy_customer_id)
        if evaluated is None:
            continue
        checked.summary.add(evaluated.decision)
        _arrive(checked.arriving, evaluated.decision)
        if len(checked.customers) < shown:
            checked.customers.append(customer_shown(evaluated, row.id))
            checked.last_shown = row.id
        else:
            checked.has_more = True


def _arrive(sums: dict[str, dict[str, int]], decision: Any) -> None:
    moves = moving(decision)
    for subscription in moves.subscriptions:
        sums[subscription.currency]["subscriptions"] += 1
        sums[subscription.currency]["subscription_value"] += subscription.next_charge_minor
    for order in moves.orders:
        sums[order.currency]["orders"] += 1
        sums[order.currency]["order_total"] += order.total_minor


async def _next_rows(reader: Reader, wave_id: str, after: str, limit: int) -> list[Row[Any]]:
    statement = select(transfers).where(transfers.c.wave_id == wave_id, transfers.c.id > after)
    return await reader.all(statement.order_by(transfers.c.id).limit(limit))
