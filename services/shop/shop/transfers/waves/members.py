"""Which customers a wave takes: named ones, or those that a filter finds."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Text, any_, cast, delete, insert, select, text

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError
from chassis.kernel.ids import new_id
from shop.transfers.errors import UnusableWave
from shop.transfers.models import directory, transfers
from shop.transfers.policy import Policy
from shop.transfers.waiting import has_something_to_move
from shop.transfers.waves.close_renewals import leave_where_held, too_close
from shop.transfers.waves.schemas import WaveFilter

CLOSED = ("cancelled", "rolled_back")
MOST_ERRORS = 100
AT_ONCE = 2_000
MINT = text(
    "UPDATE legacy_directory d SET organization_id = m.minted"
    " FROM unnest(CAST(:ids AS text[]), CAST(:minted AS text[])) AS m(legacy_id, minted)"
    " WHERE d.legacy_id = m.legacy_id"
)


async def take(tx: Transaction, wave: Row[Any], customers: list[str] | WaveFilter, policy: Policy) -> int:
    """Make the wave's customers exactly these; how many there are. Raises UnusableWave with a reason each.

    A customer is in one wave only; who is named leaves a wave that holds them for a renewal. Organization ids are
    minted here and stay with the customer for ever.
    """
    await tx.execute(delete(transfers).where(transfers.c.wave_id == wave.id))
    if isinstance(customers, WaveFilter):
        chosen = await _free_ones(tx, await _found(tx, wave, customers, policy))
    else:
        chosen = await _named(tx, customers)
    for start in range(0, len(chosen), AT_ONCE):
        await _add(tx, wave, chosen[start : start + AT_ONCE])
    return len(chosen)


async def _found(tx: Transaction, wave: Row[Any], wanted: WaveFilter, policy: Policy) -> list[Row[Any]]:
    if not wanted.outside_safety_window or wave.safety_window_days == 0:
        return await tx.all(_filtered(wanted).limit(wanted.limit))
    rows = await tx.all(_filtered(wanted))
    waiting = await too_close(tx, wave, rows, policy)
    return [row for row in rows if row.legacy_id not in waiting][: wanted.limit]


def _filtered(wanted: WaveFilter) -> Any:
    conditions: list[ColumnElement[bool]] = [
        has_something_to_move(),
        ~_is_taken(),
    ]
    if wanted.outcome is not None:
        conditions.append(directory.c.outcome == wanted.outcome)
    if wanted.region is not None:
        conditions.append(directory.c.region == wanted.region)
    if wanted.country is not None:
        conditions.append(directory.c.country == wanted.country)
    if wanted.renewal_from is not None:
        conditions.append(directory.c.renews_from >= wanted.renewal_from)
    if wanted.renewal_to is not None:
        conditions.append(directory.c.renews_from <= wanted.renewal_to)
    if wanted.min_seats is not None:
        conditions.append(directory.c.seats >= wanted.min_seats)
    if wanted.max_seats is not None:
        conditions.append(directory.c.seats <= wanted.max_seats)
    return _locked(select(directory).where(*conditions))


async def _named(tx: Transaction, legacy_ids: list[str]) -> list[Row[Any]]:
    wanted = list(dict.fromkeys(legacy_ids))
    rows = await tx.all(_locked(select(directory).where(directory.c.legacy_id == any_(cast(wanted, ARRAY(Text))))))
    found = {row.legacy_id: row for row in rows}
    free = {row.legacy_id for row in await _free_ones(tx, rows)} | await leave_where_held(tx, wanted)
    errors = [_wrong(at, legacy_id, found.get(legacy_id), free) for at, legacy_id in enumerate(wanted)]
    if wrong := [error for error in errors if error is not None]:
        raise UnusableWave(errors=wrong[:MOST_ERRORS])
    return [found[legacy_id] for legacy_id in wanted]


async def _free_ones(tx: Transaction, rows: list[Row[Any]]) -> list[Row[Any]]:
    """Those that no wave has, asked once they are locked: two waves planned at once take turns."""
    known = [row.legacy_id for row in rows]
    free = select(directory.c.legacy_id).where(directory.c.legacy_id == any_(cast(known, ARRAY(Text))), ~_is_taken())
    still = {row.legacy_id for row in await tx.all(free)}
    return [row for row in rows if row.legacy_id in still]


def _locked(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(directory.c.legacy_id).with_for_update(of=directory, key_share=True)


def _is_taken() -> ColumnElement[bool]:
    return (
        select(transfers.c.id)
        .where(transfers.c.legacy_customer_id == directory.c.legacy_id, transfers.c.state.not_in(CLOSED))
        .exists()
    )


def _wrong(at: int, legacy_id: str, row: Row[Any] | None, free: set[str]) -> FieldError | None:
    pointer = f"/customers/{at}"
    if row is None:
        return FieldError(pointer, "unknown_customer", f"No import names the customer {legacy_id}.")
    if row.moved_at is not None:
        return FieldError(pointer, "moved_already", f"The customer {legacy_id} has moved already.")
    if legacy_id not in free:
        return FieldError(pointer, "in_another_wave", f"The customer {legacy_id} is in another wave.")
    return None


async def _add(tx: Transaction, wave: Row[Any], chosen: list[Row[Any]]) -> None:
    organizations = await _organizations(tx, chosen)
    in_order = sorted(new_id("trf") for _ in chosen)
    await tx.execute(
        insert(transfers),
        [
            {
                "id": transfer_id,
                "wave_id": wave.id,
                "legacy_customer_id": row.legacy_id,
                "organization_id": organizations[row.legacy_id],
                "company": row.company,
                "email": row.email_key,
                "state": "planned",
                "transfer_on": wave.transfer_on,
                "outcome": row.outcome,
                "codes": row.codes,
                "warnings": row.warnings,
                "created_at": tx.now,
                "changed_at": tx.now,
            }
            for transfer_id, row in zip(in_order, chosen, strict=True)
        ],
    )


async def _organizations(tx: Transaction, chosen: list[Row[Any]]) -> dict[str, str]:
    minted = [{"known": row.legacy_id, "minted": new_id("org")} for row in chosen if row.organization_id is None]
    if minted:
        await tx.execute(MINT, {"ids": [m["known"] for m in minted], "minted": [m["minted"] for m in minted]})
    known = {row.legacy_id: row.organization_id for row in chosen if row.organization_id is not None}
    return known | {m["known"]: m["minted"] for m in minted}
