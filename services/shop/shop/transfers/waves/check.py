"""The dry run of a wave: read-only and repeatable, by the same rules as the transfer itself."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from shop.transfers.dry_run.schemas import BothSides, CheckedCustomer, Side
from shop.transfers.dry_run.show import customer_shown
from shop.transfers.evaluate import World, evaluate
from shop.transfers.models import transfers
from shop.transfers.rules.moving import moving
from shop.transfers.rules.summary import Summary

BATCH = 500


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


async def check(reader: Reader, wave: Row[Any], world: World, *, shown: int) -> Checked:
    """Decide about every customer of the wave, each for its own day; the first `shown` are told in full."""
    checked = Checked()
    last = ""
    while rows := await _next_rows(reader, wave.id, last, BATCH):
        last = rows[-1].id
        for row, customer in await _decided(reader, rows, world, checked):
            if len(checked.customers) < shown:
                checked.customers.append(customer_shown(customer, row.id))
                checked.last_shown = row.id
            else:
                checked.has_more = True
    return checked


async def checked_page(
    reader: Reader, wave_id: str, world: World, *, after: str, limit: int
) -> tuple[list[CheckedCustomer], str | None]:
    """Some customers of the wave in full, and where the rest begins."""
    rows = await _next_rows(reader, wave_id, after, limit + 1)
    shown = rows[:limit]
    decided = await _decided(reader, shown, world, Checked())
    customers = [customer_shown(evaluated, row.id) for row, evaluated in decided]
    return customers, shown[-1].id if len(rows) > limit else None


async def _decided(reader: Reader, rows: list[Row[Any]], world: World, checked: Checked) -> list[Any]:
    days = {row.legacy_customer_id: row.transfer_on for row in rows}
    found = await evaluate(reader, days, world)
    decided = []
    for row in rows:
        if row.legacy_customer_id in found:
            evaluated = found[row.legacy_customer_id]
            checked.summary.add(evaluated.decision)
            _arrive(checked.arriving, evaluated.decision)
            decided.append((row, evaluated))
    return decided


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
