"""The reminder that something which does not renew is about to end: planned early, called off when it is renewed."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.clock import start_of_day
from chassis.timer import Jobs
from notifications.messages.queue import Order, Recipient, queue

jobs = Jobs()


@dataclass(frozen=True)
class Expiring:
    """What ends (`about`: a license or a subscription), when, and whom to tell."""

    about: str
    last_day: date
    recipient: Recipient
    organization_id: str
    data: dict[str, Any]


def schedule_reminder(tx: Transaction, expiring: Expiring, time_zone: str, *, ahead: timedelta) -> None:
    """Plan the reminder `ahead` of the last day; none when that moment has passed already."""
    due_at = start_of_day(expiring.last_day - ahead, time_zone)
    if due_at <= tx.now:
        return
    tx.schedule(
        "license.expiring",
        key=f"{expiring.about}:{expiring.last_day}:{tx.now.timestamp():.0f}",
        due_at=due_at,
        not_after=start_of_day(expiring.last_day, time_zone),
        payload={**asdict(expiring), "time_zone": time_zone},
        group=f"expiring:{expiring.about}",
    )


@jobs.on("license.expiring")
async def remind(tx: Transaction, payload: dict[str, Any]) -> None:
    """Queue the reminder. Once per last day."""
    last_day = date.fromisoformat(payload["last_day"])
    await queue(
        tx,
        Order(
            template="license-expiring",
            occasion=f"{payload['about']}:{payload['last_day']}",
            recipient=Recipient(**payload["recipient"]),
            data=payload["data"],
            correlation=f"expiring:{payload['about']}",
            organization_id=payload["organization_id"],
            expires_at=start_of_day(last_day + timedelta(days=1), payload["time_zone"]),
        ),
    )
