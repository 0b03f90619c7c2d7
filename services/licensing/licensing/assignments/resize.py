"""Give a license more or fewer seats; a seat in use is never taken by itself."""

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from licensing.assignments import store
from licensing.assignments.close import end_over
from licensing.assignments.rules import seat_all, seats_needed, seats_to_keep
from licensing.licenses.change import grow, set_over_quantity
from licensing.licenses.license import License
from licensing.organizations.snapshots import Organization


async def resize(tx: Transaction, license: License, *, organization: Organization) -> License:
    """Have as many seats as `license.quantity` says, as far as nobody loses one (the license is locked).

    Seats are retired when nobody holds them today or later; people whose days have not begun are moved to seats that
    stay. Where more seats are in use than are left, all of those stay in use and `over_quantity` says how many are too
    many: each one that becomes free is retired then. Calling twice is harmless.
    """
    live = await store.live_seats(tx, license.id)
    if len(live) < license.quantity:
        await grow(tx, license, wanted=license.quantity - len(live))
        return await set_over_quantity(tx, license, 0)
    if len(live) == license.quantity:
        return await set_over_quantity(tx, license, 0)
    return await _shrink(tx, license, list(live), organization)


async def _shrink(tx: Transaction, license: License, live: list[int], organization: Organization) -> License:
    await end_over(tx, license, organization=organization)
    holdings = await store.holdings(tx, license.id, today=day_of(tx.now, organization.time_zone))
    needed = max(license.quantity, seats_needed(holdings))
    keep = seats_to_keep(holdings, live, needed)
    seating = seat_all(holdings, keep) or {}
    await store.move(tx, {h.key: seating[h.key] for h in holdings if h.seat_no != seating[h.key]})
    await store.retire_seats(tx, sorted(set(live).difference(keep)))
    return await set_over_quantity(tx, license, len(keep) - license.quantity)
