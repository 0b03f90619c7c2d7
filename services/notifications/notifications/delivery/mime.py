"""A mail as bytes. Written out by hand: the standard library's message objects take twenty times as long."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

LONGEST_WORD = 42
"""Bytes that fit base64-encoded into one encoded word of at most 75 characters (RFC 2047)."""


@dataclass(frozen=True)
class Letter:
    """Everything that stands in and on a mail."""

    sender_name: str
    sender_address: str
    recipient_name: str | None
    recipient_address: str
    reply_to: str
    subject: str
    language: str
    message_id: str
    written_at: datetime
    text: str
    html: str


def to_bytes(letter: Letter) -> bytes:
    """The mail in RFC 5322 form: plain text first, HTML as the richer alternative."""
    boundary = "=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]
    headers = (
        f"From: {_mailbox(letter.sender_name, letter.sender_address)}\r\n"
        f"To: {_mailbox(letter.recipient_name, letter.recipient_address)}\r\n"
        f"Reply-To: {letter.reply_to}\r\n"
        f"Subject: {_encoded(letter.subject)}\r\n"
        f"Date: {format_datetime(letter.written_at)}\r\n"
        f"Message-ID: {letter.message_id}\r\n"
        f"Content-Language: {letter.language}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    )
    parts = [_part(boundary, "text/plain", letter.text), _part(boundary, "text/html", letter.html)]
    return b"".join([headers.encode(), *parts, f"--{boundary}--\r\n".encode()])


def _part(boundary: str, media_type: str, content: str) -> bytes:
    head = (
        f"--{boundary}\r\nContent-Type: {media_type}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = content.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    return head.encode() + binascii.b2a_qp(lines, istext=True) + b"\r\n"


def _mailbox(name: str | None, address: str) -> str:
    shown = " ".join((name or "").split())
    if not shown:
        return address
    if shown.isascii() and shown.replace(" ", "").isalnum() and len(shown) < LONGEST_WORD:
        return f"{shown} <{address}>"
    return f"{_encoded_words(shown)}\r\n <{address}>"


def _encoded(text: str) -> str:
    return text if text.isascii() and text.isprintable() and len(text) < 60 else _encoded_words(text)


def _encoded_words(text: str) -> str:
    words = (f"=?utf-8?B?{base64.b64encode(chunk).decode()}?=" for chunk in _chunks(text))
    return "\r\n ".join(words)


def _chunks(text: str) -> Iterator[bytes]:
    chunk = b""
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > LONGEST_WORD:
            yield chunk
            chunk = b""
        chunk += encoded
    yield chunk
