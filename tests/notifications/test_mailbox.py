"""The development mailbox: what people and tests see of the mails."""

import os
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from deploy.dev.mailbox import store
from deploy.dev.mailbox.app import mailbox_app
from deploy.dev.mailbox.smtp import Manners, listening
from deploy.dev.mailbox.store import Mailbox

MAIL = (
    b"From: Portico <no-reply@portico.example>\r\nTo: Claire <claire@garage.example>\r\n"
    b"Subject: =?utf-8?B?VsOpcmlmacOp?=\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour\r\n"
    b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<html><head></head><script>alert(1)</script><p>Bonjour</p></html>\r\n--x--\r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mails"


def client_of(mailbox: Mailbox, manners: Manners) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=mailbox_app(mailbox, manners)), base_url="http://mailbox"
    )


async def send(port: int, *recipients: str) -> None:
    await aiosmtplib.send(MAIL, sender="a@x.eu", recipients=list(recipients), hostname="127.0.0.1", port=port)


async def test_a_mail_is_listed_found_kept_over_a_restart_and_forgotten(folder: Path) -> None:
    mailbox, manners = Mailbox(folder), Manners()
    async with listening(mailbox, manners, port=0) as port:
        await send(port, "claire@garage.example")

    async with client_of(Mailbox(folder), manners) as client:
        (mail,) = (await client.get("/messages", params={"to": "CLAIRE@garage.example", "subject": "vérif"})).json()
        assert set(mail) == {"id", "from", "to", "subject", "text", "html", "headers", "received_at"}
        assert mail["subject"] == "Vérifié"
        assert mail["to"] == "claire@garage.example"
        assert mail["text"].strip() == "Bonjour"
        assert (await client.get("/messages", params={"to": "nobody@garage.example"})).json() == []
        assert (await client.delete("/messages")).status_code == 204
        assert (await client.get("/messages")).json() == []
    assert Mailbox(folder).find() == []


async def test_the_html_of_a_mail_is_shown_where_its_scripts_cannot_run(folder: Path) -> None:
    mailbox, manners = Mailbox(folder), Manners()
    mail = mailbox.put(MAIL, sender="a@x.eu", recipients=["claire@garage.example"])

    async with client_of(mailbox, manners) as client:
        inbox, page = await client.get("/"), await client.get(f"/messages/{mail.id}")
        html = await client.get(f"/messages/{mail.id}/html")
        missing = await client.get("/messages/../etc/passwd")

    assert mail.id in inbox.text
    assert "<iframe sandbox=" in page.text
    assert "allow-scripts" not in page.text
    assert "<script" not in page.text
    assert html.headers["Content-Security-Policy"].startswith("sandbox")
    assert missing.status_code == 404


async def test_it_refuses_mail_for_as_long_and_for_whom_it_is_told(folder: Path) -> None:
    mailbox, manners = Mailbox(folder), Manners()
    async with listening(mailbox, manners, port=0) as port, client_of(mailbox, manners) as client:
        await client.post("/behaviour", json={"reply": "550", "for_addresses": ["gone@garage.example"]})
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as gone:
            await send(port, "gone@garage.example")
        await send(port, "claire@garage.example")
        await client.post("/behaviour", json={"reply": "451"})
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as later:
            await send(port, "claire@garage.example")
        await client.post("/behaviour", json={"reply": "451", "seconds": 0})
        await send(port, "claire@garage.example")

    assert gone.value.recipients[0].code == 550
    assert later.value.recipients[0].code == 451
    assert len(mailbox.find()) == 2


async def test_what_a_killed_mailbox_wrote_only_in_part_is_forgotten_and_the_rest_is_kept(folder: Path) -> None:
    first = Mailbox(folder)
    kept = first.put(MAIL, sender="a@x.eu", recipients=["claire@garage.example"])
    whole = (folder / "mails").stat().st_size
    first.put(MAIL, sender="a@x.eu", recipients=["claire@garage.example"])

    for torn in (whole + 20, whole + 300):
        os.truncate(folder / "mails", torn)
        mailbox = Mailbox(folder)
        assert [mail.id for mail in mailbox.find()] == [kept.id]
        mailbox.put(MAIL, sender="a@x.eu", recipients=["luc@garage.example"])

        assert [mail.to for mail in Mailbox(folder).find()] == [["luc@garage.example"], ["claire@garage.example"]]
        assert {mail.subject for mail in mailbox.find()} == {"Vérifié"}


async def test_more_mails_than_are_remembered_are_all_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "READ_MAILS", 10)
    mailbox, manners = Mailbox(folder), Manners()
    kept = [mailbox.put(MAIL, sender="a@x.eu", recipients=[f"{number}@garage.example"]) for number in range(120)]

    async with client_of(mailbox, manners) as client:
        listed = (await client.get("/messages", params={"subject": "vérif"})).json()

    assert [mail["id"] for mail in listed] == [mail.id for mail in reversed(kept)]
    assert {mail["text"].strip() for mail in listed} == {"Bonjour"}


@pytest.mark.parametrize(
    ("content", "subject", "text"),
    [
        (b"Subject: =?no-such-charset?B?/w==?=\r\n\r\nHello\r\n", "=?no-such-charset?B?/w==?=", "Hello\n"),
        (b"Subject: a\r\n b\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nGr\xc3\xbcezi", "a b", "Grüezi"),
        ("Subject: Grüezi\r\n\r\n".encode(), "Grüezi", ""),
        (b"no mail at all", "", "no mail at all"),
        (b"", "", ""),
    ],
)
async def test_whatever_is_sent_is_kept_and_shown(folder: Path, content: bytes, subject: str, text: str) -> None:
    mailbox = Mailbox(folder)
    kept = mailbox.put(content, sender="a@x.eu", recipients=["claire@garage.example"])

    async with client_of(mailbox, Manners()) as client:
        (mail,) = (await client.get("/messages", params={"subject": subject})).json()
        assert (await client.get(f"/messages/{kept.id}")).status_code == 200

    assert (mail["from"], mail["subject"], mail["text"]) == ("a@x.eu", subject, text)
