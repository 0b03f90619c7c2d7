"""A mail as bytes, read back by the standard library."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from notifications.delivery.mime import Letter, to_bytes

LETTER = Letter(
    sender_name="Portico",
    sender_address="no-reply@portico.example",
    recipient_name="Zoë Müller-Œuvrard, GmbH",
    recipient_address="zoe@garage.example",
    reply_to="support@portico.example",
    subject="Rappel : votre compte passe demain à la nouvelle boutique en ligne, déjà vérifiée — à bientôt ✓",
    language="fr",
    message_id="<1@portico.example>",
    written_at=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
    text="Bonjour,\n\n.une ligne avec un point\n" + "très long " * 40 + "\n= fin =\n",
    html="<!doctype html><p>Prêt à démarrer ? «œuvre» 100 % = oui</p>\n",
)


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_headers_and_both_parts_survive_the_way() -> None:
    message = read(to_bytes(LETTER))

    assert message["Subject"] == LETTER.subject
    assert message["To"].addresses[0].display_name == LETTER.recipient_name
    assert message["To"].addresses[0].addr_spec == LETTER.recipient_address
    assert message["Reply-To"] == LETTER.reply_to
    assert message["Message-ID"] == LETTER.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n").rstrip() == LETTER.text.rstrip()
    assert html.get_content().strip() == LETTER.html.strip()
    assert not message.defects


def test_every_line_keeps_within_the_limits_of_mail() -> None:
    content = to_bytes(LETTER)

    assert content.isascii()
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", ["Eve\r\nBcc: everybody@example.com", 'Eve" <x@y.eu>', None])
def test_a_name_cannot_add_headers_or_recipients(name: str | None) -> None:
    message = read(to_bytes(replace(LETTER, recipient_name=name)))

    assert message["Bcc"] is None
    assert len(message["To"].addresses) == 1
