"""The pages for people and the API for tests."""

import asyncio
import re

import orjson
from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from deploy.dev.mailbox.mail import Mail
from deploy.dev.mailbox.pages import MAIL_POLICY, inbox_page, mail_page
from deploy.dev.mailbox.smtp import Behaviour, Manners
from deploy.dev.mailbox.store import Mailbox

MAIL_ID = re.compile(r"[0-9a-f-]{36}\Z")
AT_ONCE = 50
"""Mails that are taken apart before others have their turn."""
SHOWN = 500
"""Mails on the page."""


def mailbox_app(mailbox: Mailbox, manners: Manners) -> FastAPI:
    """The page for people and the API for tests."""
    app = FastAPI(title="Development mailbox", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/messages")
    async def list_messages(to: str | None = None, subject: str | None = None) -> Response:
        found = await _taken_apart(mailbox, mailbox.ids(to=to, subject=subject))
        return Response(orjson.dumps([mail.as_json() for mail in found]), media_type="application/json")

    @app.delete("/messages", status_code=204)
    async def delete_messages() -> None:
        mailbox.clear()

    @app.post("/behaviour", status_code=204)
    async def set_behaviour(wanted: Behaviour) -> None:
        manners.set(wanted)

    @app.get("/")
    async def inbox(to: str | None = None) -> HTMLResponse:
        return inbox_page(await _taken_apart(mailbox, mailbox.ids(to=to)[:SHOWN]), to or "")

    @app.get("/messages/{mail_id}")
    async def show_message(mail_id: str) -> HTMLResponse:
        return mail_page(_known(mailbox, mail_id))

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


async def _taken_apart(mailbox: Mailbox, ids: list[str]) -> list[Mail]:
    """The mails, while new ones go on arriving."""
    mails: list[Mail] = []
    for position, mail_id in enumerate(ids):
        if position % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)
        if (mail := mailbox.get(mail_id)) is not None:
            mails.append(mail)
    return mails
