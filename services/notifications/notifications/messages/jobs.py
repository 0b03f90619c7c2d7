"""Mails leave when they are queued; twice a second is looked for those whose time has come."""

from typing import Any

from chassis.timer import Jobs
from notifications.messages.deliver import deliver_due
from notifications.messages.queue import DELIVER

jobs = Jobs()


@jobs.every(DELIVER, seconds=0.5)
async def deliver(runtime: Any) -> None:
    """Hand over the mails that are due."""
    await deliver_due(runtime)
