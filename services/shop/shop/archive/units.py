"""One-off licenses with what is left of them now, rather than on the day of the export."""

from collections.abc import Mapping
from dataclasses import replace

from shop.transfers.rules.decisions import Decision


def are_counted(decision: Decision) -> bool:
    """Whether one of the customer's one-off licenses is counted in units."""
    return any(decided.units_left is not None for decided in decision.one_offs)


def with_units(decision: Decision, left: Mapping[str, int]) -> Decision:
    """The same, with the units that are left; what nobody knows is as of the export."""
    return replace(
        decision,
        one_offs=tuple(
            replace(decided, units_left=left.get(decided.row.legacy_id, decided.units_left))
            for decided in decision.one_offs
        ),
    )
