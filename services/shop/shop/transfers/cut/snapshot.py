"""What moved, kept with the transfer: the old side of the reconciliation, and what the customer is shown."""

from collections.abc import Mapping
from typing import Any

from shop.transfers.evaluate import Evaluated
from shop.transfers.rules.moving import Moving


def snapshot_of(
    evaluated: Evaluated,
    moves: Moving,
    methods: Mapping[str, str],
    subscriptions: Mapping[str, str],
    orders: Mapping[str, str],
) -> dict[str, Any]:
    """The facts of the day by legacy id, with the ids they got here. Only the last four digits of a method."""
    seats = evaluated.decision.seats
    return {
        "load": evaluated.known.load,
        "exported_on": evaluated.known.exported_on.isoformat(),
        "subscriptions": [
            {
                "legacy_id": item.legacy_id,
                "id": subscriptions[item.legacy_id],
                "number": item.number,
                "product_code": item.product_code,
                "quantity": item.quantity,
                "interval": item.interval,
                "unit_price_minor": item.unit_price_minor,
                "currency": item.currency,
                "first_day": item.first_day.isoformat(),
                "last_day": item.last_day.isoformat(),
                "next_renewal_on": item.next_renewal_on.isoformat(),
                "payment_method_id": methods[item.legacy_method_id],
            }
            for item in moves.subscriptions
        ],
        "orders": [
            {
                "legacy_id": item.legacy_id,
                "id": orders[item.legacy_id],
                "number": item.number,
                "status": item.status,
                "currency": item.currency,
                "total_minor": item.total_minor,
            }
            for item in moves.orders
        ],
        "payment_methods": [
            {
                "legacy_id": item.legacy_id,
                "id": methods[item.legacy_id],
                "kind": item.kind,
                "label": item.label,
                "exp_month": item.exp_month,
                "exp_year": item.exp_year,
            }
            for item in moves.methods
        ],
        "one_offs": [item.row.legacy_id for item in moves.one_offs],
        "seats": {
            "licenses": seats.licenses,
            "seats": seats.seats,
            "auto_assigned": seats.auto_assigned,
            "waiting": seats.waiting,
        },
    }
