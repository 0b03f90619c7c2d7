"""A mail, taken apart."""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import Any


@dataclass(frozen=True)
class Kept:
    """What is known about a mail without looking into it."""

    id: str
    sender: str
    to: list[str]
    received_at: str


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
        return {
            "id": self.id,
            "from": self.sender,
            "to": ", ".join(self.to),
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "headers": self.headers,
            "received_at": self.received_at,
        }


def read_mail(kept: Kept, content: bytes) -> Mail:
    """Take a mail apart. By the plain parser: the one that understands addresses takes eight times as long."""
    message = email.message_from_bytes(content)
    headers = {name: _decoded(value) for name, value in message.raw_items()}
    known = {name.lower(): value for name, value in headers.items()}
    return Mail(
        id=kept.id,
        sender=known.get("from", kept.sender),
        to=kept.to,
        subject=known.get("subject", ""),
        text=_first(message, "text/plain"),
        html=_first(message, "text/html"),
        headers=headers,
        received_at=kept.received_at,
    )


def subject_of(content: bytes) -> str:
    """The subject, without looking at the rest."""
    head = content.partition(b"\r\n\r\n")[0]
    return read_mail(Kept("", "", [], ""), head).subject


def _decoded(value: str) -> str:
    """A header as people read it: unfolded, its encoded words decoded where they can be."""
    text = value.encode("ascii", "surrogateescape").decode(errors="replace").replace("\r", "").replace("\n", "")
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text


def _first(message: Message, media_type: str) -> str:
    return next(_texts(message, media_type), "")


def _texts(message: Message, media_type: str) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() == media_type and part.get_content_disposition() != "attachment":
            content = part.get_payload(decode=True) or b""
            assert isinstance(content, bytes)
            yield _in_charset(content, part.get_content_charset("utf-8")).replace("\r\n", "\n")


def _in_charset(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode(errors="replace")
