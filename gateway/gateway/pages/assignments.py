"""What can be done about one holder of a seat: new days, somebody else, the invitation again, the end of access."""

from typing import Any

from starlette.responses import Response

from gateway.pages.refusals import Refusal
from gateway.pages.visit import Here, Visit, portal_router

router = portal_router()

SEAT = "/licenses/{license_id}/assignments/{assignment_id}"


@router.get(SEAT + "/change")
async def show_change(visit: Here, license_id: str, assignment_id: str) -> Response:
    """The form with the holder's present days."""
    return await _page(visit, "change", license_id, assignment_id)


@router.post(SEAT + "/change")
async def change(visit: Here, license_id: str, assignment_id: str) -> Response:
    """Change user: the start and end date the holder has access."""
    form = await visit.form()
    days = {"first_day": form["first_day"], "last_day": form["last_day"] or None}
    try:
        await visit.send("PATCH", f"/assignments/{assignment_id}", days)
    except Refusal as refusal:
        return await _refused(visit, refusal, "change", license_id, assignment_id, days)
    return visit.redirect(f"/licenses/{license_id}", "seats.changed", email=form["email"])


@router.get(SEAT + "/reassign")
async def show_reassign(visit: Here, license_id: str, assignment_id: str) -> Response:
    """The form that asks who gets the seat instead."""
    return await _page(visit, "reassign", license_id, assignment_id)


@router.post(SEAT + "/reassign")
async def reassign(visit: Here, license_id: str, assignment_id: str) -> Response:
    """End one person's access and give the seat to another from today on, for the days that were left."""
    form = await visit.form()
    fields = {"new_email": form["new_email"]}
    if not form["new_email"]:
        errors = {"new_email": visit.t("seats.no_address")}
        return await _page(visit, "reassign", license_id, assignment_id, status=422, errors=errors, fields=fields)
    body = {"email": form["new_email"]}
    try:
        await visit.send("POST", f"/assignments/{assignment_id}/reassign", body, key=form["idempotency_key"])
    except Refusal as refusal:
        return await _refused(visit, refusal, "reassign", license_id, assignment_id, fields)
    return visit.redirect(
        f"/licenses/{license_id}", "seats.reassigned", email=form["email"], new_email=form["new_email"]
    )


@router.post(SEAT + "/deactivate")
async def deactivate(visit: Here, license_id: str, assignment_id: str) -> Response:
    """Access ends now; the seat is free at once."""
    form = await visit.form()
    try:
        await visit.send("POST", f"/assignments/{assignment_id}/deactivate", key=form["idempotency_key"])
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return visit.redirect(f"/licenses/{license_id}", "seats.already_over", email=form["email"])
    return visit.redirect(f"/licenses/{license_id}", "seats.deactivated", email=form["email"])


@router.post(SEAT + "/resend-invitation")
async def resend_invitation(visit: Here, license_id: str, assignment_id: str) -> Response:
    """Send the mail with everything needed to get to the product once more."""
    form = await visit.form()
    try:
        await visit.send("POST", f"/assignments/{assignment_id}/resend-invitation")
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return visit.redirect(f"/licenses/{license_id}", "seats.already_over", email=form["email"])
    return visit.redirect(f"/licenses/{license_id}", "seats.invited_again", email=form["email"])


async def _refused(
    visit: Visit, refusal: Refusal, form: str, license_id: str, assignment_id: str, fields: dict[str, Any]
) -> Response:
    if not refusal.is_about_input:
        raise refusal
    errors = refusal.errors(visit.site, email="new_email")
    return await _page(visit, form, license_id, assignment_id, status=refusal.status, errors=errors, fields=fields)


async def _page(
    visit: Visit, form: str, license_id: str, assignment_id: str, *, status: int = 200, **context: Any
) -> Response:
    values = {
        "license": await visit.get(f"/licenses/{license_id}"),
        "assignment": await visit.get(f"/assignments/{assignment_id}"),
        "errors": {},
        "fields": {},
        **context,
    }
    return await visit.page(f"licenses/{form}.html", status=status, **values)
