"""Write down the mail server's answers: at once, and those that came meanwhile together in one commit."""

import asyncio
from collections.abc import Sequence

from prometheus_client import Counter

from chassis.db.transaction import Database, Transaction
from chassis.facts import Event
from chassis.ops.logging import get_logger
from notifications.delivery.rules import recipient_hash
from notifications.messages.events import MessageBounced, MessageFailed, MessageSent
from notifications.messages.store import Ending, finish
from notifications.suppressions.suppress import Bounce, suppress_bounced

log = get_logger(__name__)

mails = Counter("mails_total", "Attempts to hand over mails, by what became of them", ["template", "status", "reason"])

WAITS = (0.1, 0.3, 1, 2)
SECONDS_IN_ALL = 60


class Recorder:
    """Collects endings while a commit is under way; the next commit takes them all."""

    def __init__(self, database: Database, token: str) -> None:
        self._database = database
        self._token = token
        self._pending: list[tuple[Ending, asyncio.Event]] = []
        self._writing: asyncio.Task[None] | None = None

    async def put(self, ending: Ending) -> None:
        """Record `ending`; answers when that is done: a slow database slows the mails and piles up no doubts."""
        is_recorded = asyncio.Event()
        self._pending.append((ending, is_recorded))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await is_recorded.wait()

    async def finish(self) -> None:
        """Wait until everything is recorded."""
        while self._writing is not None and (self._pending or not self._writing.done()):
            await self._writing

    async def _write(self) -> None:
        while self._pending:
            taken, self._pending = self._pending, []
            await self._persist([ending for ending, _ in taken])
            for _, is_recorded in taken:
                is_recorded.set()

    async def _persist(self, endings: list[Ending]) -> None:
        """The mails have left: a database that restarts must not make us forget it. Tried for a minute."""
        waited = 0.0
        for attempt in range(1000):
            try:
                await record(self._database, endings, token=self._token)
            except Exception as error:
                wait = WAITS[min(attempt, len(WAITS) - 1)]
                waited += wait
                log.error("messages.not_recorded", count=len(endings), reason=repr(error)[:300])
                if waited > SECONDS_IN_ALL:
                    return
                await asyncio.sleep(wait)
            else:
                return


async def record(database: Database, endings: Sequence[Ending], *, token: str) -> None:
    """Store how attempts ended, suppress what bounced, and tell the other services."""
    async with database.transaction() as tx:
        ours = await finish(tx, endings, token=token)
        await suppress_bounced(tx, [_bounce(ending) for ending in ours if ending.is_hard_bounce])
        _tell(tx, ours)
    for ending in ours:
        mails.labels(ending.row.template, ending.status, ending.reason or "").inc()


def _tell(tx: Transaction, endings: Sequence[Ending]) -> None:
    for ending in endings:
        if (event := _event(ending)) is not None:
            tx.emit(event)


def _event(ending: Ending) -> Event | None:
    row = ending.row
    about = {
        "message_id": row.id,
        "template": row.template,
        "correlation": row.correlation,
        "recipient_hash": recipient_hash(row.to_address),
        "organization_id": row.organization_id,
    }
    reason = ending.reason or ending.status
    match ending.status:
        case "sent":
            return MessageSent(**about)
        case "bounced":
            code = ending.handover.code if ending.handover else None
            return MessageBounced(**about, reason=reason, smtp_code=code)
        case "failed" | "suppressed":
            return MessageFailed(**about, reason=reason)
        case _:
            return None


def _bounce(ending: Ending) -> Bounce:
    detail = ending.handover.text if ending.handover else ""
    return Bounce(email=ending.row.to_address, detail=detail, message_id=ending.row.id)
