"""The queue is looked at twice a second; what is due leaves at once."""

from typing import Any

from chassis.timer import Jobs
from notifications.messages.deliver import deliver_due

jobs = Jobs()


@jobs.every("messages.deliver", seconds=0.5)
async def deliver(runtime: Any) -> None:
    """Hand over the mails that are due."""
    await deliver_due(runtime)
