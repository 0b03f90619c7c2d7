"""The development mailbox: takes every mail, delivers none, and shows them to people and to tests.

    python -m deploy.dev.mailbox --smtp-port 8113 --http-port 8025 --dir var/mailbox

Mails are kept as files, so they survive a restart. `GET /messages?to=&subject=` lists them, `DELETE /messages` forgets
them, `/` and `/messages/{id}` are pages for people. `POST /behaviour` makes it refuse mail for a while:
`{"reply": "451", "seconds": 60}`, `{"reply": "550", "for_addresses": ["gone@customer.example"]}`, `{}` to stop that;
`drop_after_data` takes mails and loses the connection, `delay_seconds` takes them and is slow to say so.
"""

import argparse
import asyncio
import email
import email.policy
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from pydantic import BaseModel

HOST = "127.0.0.1"
LARGEST_MAIL = 10 * 1024 * 1024
MAIL_ID = re.compile(r"[0-9a-f-]{36}\Z")
POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src https: data:; frame-src 'self'"
MAIL_POLICY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:"


@dataclass(frozen=True)
class Mail:
    """One mail as the API tells it; field names are the API's."""

    id: str
    sender: str
    to: list[str]
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    received_at: str

    def as_json(self) -> dict[str, Any]:
        """The document of `GET /messages`."""
        document = {("from" if name == "sender" else name): value for name, value in asdict(self).items()}
        return document | {"to": ", ".join(self.to)}


class Mailbox:
    """The mails in a folder, newest first, with a copy in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        documents = [orjson.loads(path.read_bytes()) for path in sorted(self._folder.glob("*.json"))]
        self._mails = {document["id"]: Mail(**document) for document in documents}

    def put(self, content: bytes, *, sender: str, recipients: list[str]) -> Mail:
        """Keep a mail: on disk before the sender is told so."""
        mail = read_mail(content, sender=sender, recipients=recipients)
        path = self._folder / f"{mail.id}.json"
        draft = path.with_suffix(".tmp")
        draft.write_bytes(orjson.dumps(asdict(mail)))
        draft.replace(path)
        self._mails[mail.id] = mail
        return mail

    def find(self, *, to: str | None = None, subject: str | None = None) -> list[Mail]:
        """The mails whose recipient and subject contain these texts (case does not matter), newest first."""
        wanted_to, wanted_subject = (to or "").lower(), (subject or "").lower()
        return [
            mail
            for mail in reversed(self._mails.values())
            if any(wanted_to in address.lower() for address in mail.to) and wanted_subject in mail.subject.lower()
        ]

    def get(self, mail_id: str) -> Mail | None:
        """One mail."""
        return self._mails.get(mail_id)

    def clear(self) -> None:
        """Forget everything."""
        for mail_id in self._mails:
            (self._folder / f"{mail_id}.json").unlink(missing_ok=True)
        self._mails.clear()


def read_mail(content: bytes, *, sender: str, recipients: list[str]) -> Mail:
    """Take a mail apart."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(
        id=f"{time.time_ns():016x}"[:8] + "-" + str(uuid.uuid4())[9:],
        sender=str(message.get("From", sender)),
        to=recipients,
        subject=str(message.get("Subject", "")),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers={name: str(value) for name, value in message.items()},
        received_at=datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


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


def mailbox_app(mailbox: Mailbox, manners: Manners) -> FastAPI:
    """The page for people and the API for tests."""
    app = FastAPI(title="Development mailbox", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/messages")
    async def list_messages(to: str | None = None, subject: str | None = None) -> Response:
        return _json([mail.as_json() for mail in mailbox.find(to=to, subject=subject)])

    @app.delete("/messages", status_code=204)
    async def delete_messages() -> None:
        mailbox.clear()

    @app.post("/behaviour", status_code=204)
    async def set_behaviour(wanted: Behaviour) -> None:
        manners.set(wanted)

    @app.get("/")
    async def inbox(to: str | None = None) -> HTMLResponse:
        return _page("Mailbox", _inbox(mailbox.find(to=to), to or ""))

    @app.get("/messages/{mail_id}")
    async def show_message(mail_id: str) -> HTMLResponse:
        mail = _known(mailbox, mail_id)
        return _page(mail.subject, _message(mail))

    @app.get("/messages/{mail_id}/html")
    async def show_html(mail_id: str) -> HTMLResponse:
        html = _known(mailbox, mail_id).html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})

    @app.get("/messages/{mail_id}/text")
    async def show_text(mail_id: str) -> PlainTextResponse:
        return PlainTextResponse(_known(mailbox, mail_id).text)

    return app


def _known(mailbox: Mailbox, mail_id: str) -> Mail:
    mail = mailbox.get(mail_id) if MAIL_ID.match(mail_id) else None
    if mail is None:
        raise HTTPException(404, "There is no such mail.")
    return mail


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")


STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:960px;padding:24px;color:#10181f}
table{border-collapse:collapse;width:100%}td,th{padding:8px;border-bottom:1px solid #dde3e8;text-align:left}
iframe{width:100%;height:75vh;border:1px solid #dde3e8;border-radius:6px}dt{color:#55626d}dd{margin:0 0 8px}
pre{white-space:pre-wrap;background:#f3f5f7;padding:16px;border-radius:6px}a{color:#0f5c8c}
input,button{font:inherit;padding:6px 10px}
"""


def _page(title: str, content: str) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><main>{content}</main></html>",
        headers={"Content-Security-Policy": POLICY},
    )


def _inbox(mails: list[Mail], to: str) -> str:
    rows = "".join(
        f"<tr><td><time>{escape(mail.received_at[:19].replace('T', ' '))}</time></td>"
        f"<td>{escape(', '.join(mail.to))}</td>"
        f'<td><a href="/messages/{quote(mail.id)}">{escape(mail.subject) or "(no subject)"}</a></td></tr>'
        for mail in mails[:500]
    )
    return (
        "<h1>Mailbox</h1><p>Every mail of this development stack arrives here; none leaves the machine.</p>"
        f'<form><label>To <input name="to" type="email" value="{escape(to)}"></label> <button>Show</button></form>'
        f"<table><thead><tr><th>Received (UTC)</th><th>To</th><th>Subject</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _message(mail: Mail) -> str:
    return (
        f'<p><a href="/">All mails</a></p><h1>{escape(mail.subject)}</h1>'
        f"<dl><dt>From</dt><dd>{escape(mail.sender)}</dd><dt>To</dt><dd>{escape(', '.join(mail.to))}</dd>"
        f"<dt>Received</dt><dd>{escape(mail.received_at)}</dd></dl>"
        f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail as HTML" '
        f'src="/messages/{quote(mail.id)}/html"></iframe>'
        f"<h2>Plain text</h2><pre>{escape(mail.text)}</pre>"
    )


async def serve(*, smtp_port: int, http_port: int, folder: Path) -> None:
    """Take mails and show them until the process is told to stop."""
    mailbox, manners = Mailbox(folder), Manners()
    config = uvicorn.Config(
        mailbox_app(mailbox, manners), host=HOST, port=http_port, log_level="warning", access_log=False
    )
    async with listening(mailbox, manners, port=smtp_port):
        await uvicorn.Server(config).serve()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="The development mailbox")
    parser.add_argument("--smtp-port", type=int, default=8113)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--dir", type=Path, default=Path("var/mailbox"))
    arguments = parser.parse_args()
    asyncio.run(serve(smtp_port=arguments.smtp_port, http_port=arguments.http_port, folder=arguments.dir))


if __name__ == "__main__":
    main()
