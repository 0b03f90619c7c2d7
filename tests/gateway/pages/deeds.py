"""What license management tells of the past of license 1: every kind of deed."""

from typing import Any

from tests.gateway.pages.desk import HOSTILE


def deed(action: str, **details: Any) -> dict[str, Any]:
    """Something that was done to license 1."""
    is_seat = action.startswith("assignment.")
    return {
        "at": "2026-11-25T09:00:00Z",
        "action": action,
        "actor": "user:acc_1",
        "by": None if "license" in action else f'"{HOSTILE}"@muster.example',
        "license_id": "lic_1",
        "assignment_id": "asg_0001" if is_seat else None,
        "details": details,
    }


DAYS = {"email": "a@muster.example", "first_day": "2026-11-25", "last_day": None, "seat": 1}
DEEDS = (
    deed("assignment.note_changed", email="a@muster.example", note=HOSTILE),
    deed("assignment.period_changed", before=DAYS, after=DAYS | {"last_day": "2027-01-31"}),
    deed("assignment.created", **DAYS),
    *(
        deed(f"assignment.{kind}", email="a@muster.example")
        for kind in ("ended", "deactivated", "reassigned", "released", "invitation_requested")
    ),
    deed("license.units_used", units=3),
    deed("license.taken_back") | {"actor": "system:take-back"},
    deed("license.ended", reason="unpaid"),
    deed("license.past_due", grace_until="2026-12-09"),
    deed("license.resized", before=3, after=5),
    deed("license.renewed", last_day="2027-10-31"),
    deed("license.granted", quantity=3) | {"actor": "client:shop"},
)
