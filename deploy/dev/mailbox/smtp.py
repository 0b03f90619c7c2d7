"""The SMTP side: it takes every mail, unless it was told to behave otherwise."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import BaseModel

from deploy.dev.mailbox.store import Mailbox

HOST = "127.0.0.1"
LARGEST_MAIL = 10 * 1024 * 1024


class Behaviour(BaseModel):
    """How the SMTP side answers: `reply` to all recipients or those of `for_addresses`, for a while or for good."""

    reply: str = ""
    for_addresses: list[str] = []
    seconds: float | None = None
    refuse_until: datetime | None = None
    drop_after_data: bool = False
    delay_seconds: float = 0


@dataclass
class Manners:
    """The behaviour in force."""

    wanted: Behaviour = field(default_factory=Behaviour)
    ends_at: float = 0.0

    def set(self, wanted: Behaviour) -> None:
        """From now on behave like this."""
        seconds = wanted.seconds
        if wanted.refuse_until is not None:
            seconds = (wanted.refuse_until - datetime.now(UTC)).total_seconds()
        self.wanted = wanted
        self.ends_at = time.monotonic() + seconds if seconds is not None else float("inf")

    def refusal_of(self, address: str) -> str | None:
        """The reply that refuses the recipient, or None."""
        wanted = self.wanted
        is_wanted = bool(wanted.reply) or wanted.refuse_until is not None
        if not is_wanted or time.monotonic() > self.ends_at:
            return None
        if wanted.for_addresses and address.lower() not in [known.lower() for known in wanted.for_addresses]:
            return None
        reply = wanted.reply or "451"
        default = "5.1.1 No such mailbox" if reply.startswith("5") else "4.3.0 Try again later"
        return reply if " " in reply else f"{reply} {default}"

    @property
    def drops_after_data(self) -> bool:
        """Whether a mail is taken, and the connection lost before the sender is told so."""
        return self.wanted.drop_after_data and time.monotonic() <= self.ends_at


class Handler:
    """What aiosmtpd asks."""

    def __init__(self, mailbox: Mailbox, manners: Manners) -> None:
        self._mailbox = mailbox
        self._manners = manners

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, unless told otherwise."""
        if (refusal := self._manners.refusal_of(address)) is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail."""
        content = envelope.original_content or b""
        self._mailbox.put(content, sender=envelope.mail_from or "", recipients=list(envelope.rcpt_tos))
        await asyncio.sleep(self._manners.wanted.delay_seconds)
        if self._manners.drops_after_data and server.transport is not None:
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def listening(mailbox: Mailbox, manners: Manners, *, port: int, host: str = HOST) -> AsyncIterator[int]:
    """The SMTP side; answers its port (useful when 0 was asked for)."""
    loop = asyncio.get_running_loop()
    handler = Handler(mailbox, manners)
    sessions: list[SMTP] = []

    def session() -> SMTP:
        smtp = SMTP(handler, hostname="mailbox", data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, loop=loop)
        sessions.append(smtp)
        return smtp

    server = await loop.create_server(session, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for smtp in sessions:
            if smtp.transport is not None:
                smtp.transport.close()
