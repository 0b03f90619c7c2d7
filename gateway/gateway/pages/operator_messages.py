"""`/operator/messages`: every mail, what became of it, and sending it once more."""

from typing import Any

from starlette.responses import Response

from gateway.pages.operator_pages import operator_page, refuse_others
from gateway.pages.refusals import Refusal
from gateway.pages.visit import Here, Visit, items_of, portal_router

router = portal_router()

PATH = "/operator/messages"
PER_PAGE = 50
STATUSES = ("queued", "sending", "sent", "failed", "bounced", "suppressed", "held", "unknown")


@router.get(PATH)
async def show_messages(
    visit: Here, to: str = "", template: str = "", status: str = "", correlation: str = "", cursor: str = ""
) -> Response:
    """Mails, newest first, found by address, kind, state or occasion."""
    refuse_others(visit)
    wanted = {"to": to, "template": template, "status": status, "correlation": correlation, "cursor": cursor}
    errors: dict[str, str] = {}
    page: dict[str, Any] = {}
    try:
        asked = {name: value or None for name, value in wanted.items()}
        page = await visit.get("/messages", limit=PER_PAGE, **asked)
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = refusal.errors(visit.site)
    templates = items_of(await visit.find("/templates"))
    return await operator_page(
        visit,
        "messages.html",
        messages=items_of(page),
        next_cursor=page.get("next_cursor"),
        template_options=[("", visit.t("common.all")), *((item["key"], item["key"]) for item in templates)],
        status_options=[("", visit.t("common.all")), *((name, visit.t(f"message_status.{name}")) for name in STATUSES)],
        errors=errors,
        cursor=cursor,
        wanted=wanted,
    )


@router.get(PATH + "/{message_id}")
async def show_message(visit: Here, message_id: str) -> Response:
    """One mail with its text and every attempt to deliver it."""
    return await _page(visit, message_id)


@router.post(PATH + "/{message_id}/resend")
async def resend(visit: Here, message_id: str) -> Response:
    """Send it once more."""
    form = await visit.form()
    try:
        await visit.send("POST", f"/messages/{message_id}/resend", key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, message_id, status=refusal.status, errors=refusal.errors(visit.site))
    return visit.redirect(f"{PATH}/{message_id}", "messages.sent_again")


async def _page(visit: Visit, message_id: str, *, status: int = 200, **context: Any) -> Response:
    refuse_others(visit)
    message = await visit.get(f"/messages/{message_id}")
    return await operator_page(visit, "message.html", status=status, message=message, **{"errors": {}, **context})
