"""Hands mails over by SMTP, through a few connections that are kept."""

import asyncio
import time

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from notifications.delivery.rules import Handover, Phase
from notifications.settings import NotificationsSettings

QUIET_SECONDS = 20
"""After so long without use the mail server may have hung up: ask before trusting the connection."""
SERVICE_CLOSING = 421


class SmtpMailer:
    """As many mails at once as there are sessions; a session that breaks is opened anew for the next mail."""

    def __init__(self, settings: NotificationsSettings, *, helo: str) -> None:
        self._sessions: asyncio.LifoQueue[_Session] = asyncio.LifoQueue()
        for _ in range(settings.smtp_sessions):
            self._sessions.put_nowait(_Session(settings, helo))
        self._size = settings.smtp_sessions

    async def hand_over(self, *, sender: str, recipient: str, content: bytes) -> Handover:
        """Try once; answers how it ended and raises nothing."""
        session = await self._sessions.get()
        try:
            return await session.hand_over(sender, recipient, content)
        finally:
            self._sessions.put_nowait(session)

    async def close(self) -> None:
        """Say goodbye to the mail server, once every mail on its way has been answered."""
        sessions = [await self._sessions.get() for _ in range(self._size)]
        await asyncio.gather(*(session.close() for session in sessions))


class _Session:
    def __init__(self, settings: NotificationsSettings, helo: str) -> None:
        self._settings = settings
        self._helo = helo
        self._smtp: aiosmtplib.SMTP | None = None
        self._used_at = 0.0

    async def hand_over(self, sender: str, recipient: str, content: bytes) -> Handover:
        phase: Phase = "connect"
        try:
            smtp = await self._connected()
            options = [] if recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
            phase = "sender"
            await smtp.mail(sender, options=options, encoding="utf-8")
            phase = "recipient"
            await smtp.rcpt(recipient, encoding="utf-8")
            phase = "content"
            answer = await smtp.data(content)
        except SMTPResponseException as refusal:
            await self._start_over(refusal.code)
            return Handover("refused", phase, refusal.code, refusal.message[:500])
        except (SMTPException, OSError, ValueError) as error:
            self._drop()
            kind = "uncertain" if phase == "content" else "unreachable"
            return Handover(kind, phase, None, repr(error)[:500])
        except asyncio.CancelledError:
            self._drop()
            raise
        self._used_at = time.monotonic()
        return Handover("accepted", phase, answer.code, answer.message[:500])

    async def close(self) -> None:
        if self._smtp is not None and self._smtp.is_connected:
            try:
                await self._smtp.quit(timeout=1)
            except (SMTPException, OSError):
                self._drop()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._smtp is not None and await self._is_alive(self._smtp):
            return self._smtp
        security = self._settings.smtp_security
        self._smtp = aiosmtplib.SMTP(
            hostname=self._settings.smtp_host,
            port=self._settings.smtp_port,
            username=self._settings.smtp_username or None,
            password=self._settings.smtp_password or None,
            local_hostname=self._helo,
            timeout=self._settings.smtp_timeout_seconds,
            use_tls=security == "tls",
            start_tls=security == "starttls",
        )
        await self._smtp.connect()
        self._used_at = time.monotonic()
        return self._smtp

    async def _is_alive(self, smtp: aiosmtplib.SMTP) -> bool:
        if not smtp.is_connected:
            return False
        if time.monotonic() - self._used_at < QUIET_SECONDS:
            return True
        try:
            await smtp.noop()
        except (SMTPException, OSError):
            self._drop()
            return False
        return True

    async def _start_over(self, code: int) -> None:
        """Make the connection fit for the next mail after a refusal."""
        if code == SERVICE_CLOSING or self._smtp is None or not self._smtp.is_connected:
            self._drop()
            return
        try:
            await self._smtp.rset()
            self._used_at = time.monotonic()
        except (SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None
