"""The right to send the mails that were taken off the queue."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from chassis.db.transaction import Database
from chassis.kernel.ids import new_id
from chassis.ops.logging import get_logger
from notifications.messages.store import renew

log = get_logger(__name__)


class Lease:
    """Renewed while the process lives, so that it can be short: when it dies, others take its mails up soon."""

    def __init__(self, database: Database, *, seconds: float) -> None:
        self.token = new_id("lease")
        self.duration = timedelta(seconds=seconds)
        self._database = database
        self._seconds = seconds
        self._renewed_at = time.monotonic()
        self._lost: set[str] = set()

    @property
    def is_fresh(self) -> bool:
        """Whether there is time to begin with another mail."""
        return time.monotonic() < self._renewed_at + self._seconds / 2

    def has_lost(self, message_id: str) -> bool:
        """Whether others have taken the mail up, because the lease could not be renewed in time."""
        return message_id in self._lost

    async def keep(self, ids: Sequence[str]) -> None:
        """Renew it for ever, for those of the mails that are not finished."""
        while True:
            await asyncio.sleep(self._seconds / 4)
            asked_at = time.monotonic()
            try:
                async with self._database.transaction() as tx:
                    kept = await renew(tx, ids=ids, token=self.token, lease=self.duration)
            except Exception as error:
                log.warning("lease.not_renewed", reason=repr(error)[:200])
            else:
                self._renewed_at = asked_at
                self._lost = set(ids) - kept
