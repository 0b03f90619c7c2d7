"""`/account/profile`: the company, its billing address and VAT ID, its people, and which mails one wants."""

import asyncio
from typing import Any

from starlette.responses import Response

from gateway.pages.account_pages import account_page
from gateway.pages.refusals import Refusal
from gateway.pages.seats import results_of
from gateway.pages.visit import Form, Here, Visit, portal_router

router = portal_router()

PATH = "/account/profile"
COMPANY = ("company", "first_name", "last_name", "phone", "vat_id")
ADDRESS = ("street", "postal_code", "city", "country")
ROLES = ("owner", "buyer", "license_manager", "member")


@router.get(PATH)
async def show_profile(visit: Here) -> Response:
    """What the visitor may see of their organization, and their own notifications."""
    return await _page(visit)


@router.post(PATH)
async def change_company(visit: Here) -> Response:
    """Company, billing address and VAT ID as they stand on the next invoice."""
    form = await visit.form()
    body = {**form.values(*COMPANY), "billing_address": form.values(*ADDRESS)}
    try:
        await visit.send("PATCH", "/customer", body)
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, status=refusal.status, errors=refusal.errors(visit.site), form=form)
    return visit.redirect(PATH, "profile.saved")


@router.post(PATH + "/invitations")
async def invite(visit: Here) -> Response:
    """Invite people to the organization; each address gets its own answer."""
    form = await visit.form()
    if not form["emails"]:
        return await _page(visit, status=422, errors={"emails": visit.t("seats.no_address")})
    body = {"emails": form["emails"], "roles": form.all("roles") or ["member"]}
    try:
        answer = await visit.send("POST", "/members/invitations", body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, status=refusal.status, errors=refusal.errors(visit.site))
    return await _page(visit, invitations=results_of(answer))


@router.post(PATH + "/members/{member_id}")
async def change_member(visit: Here, member_id: str) -> Response:
    """Give a member other roles, or (`do=remove`) take them out of the organization."""
    form = await visit.form()
    try:
        if form["do"] == "remove":
            await visit.send("DELETE", f"/members/{member_id}")
            return visit.redirect(f"{PATH}#members", "profile.member_removed", email=form["email"])
        await visit.send("PATCH", f"/members/{member_id}", {"roles": form.all("roles")})
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, status=refusal.status, errors=refusal.errors(visit.site))
    return visit.redirect(f"{PATH}#members", "profile.member_changed", email=form["email"])


@router.post(PATH + "/notifications")
async def change_notifications(visit: Here) -> Response:
    """Which mails that are not necessary one still wants."""
    form = await visit.form()
    before = await visit.get("/me/notification-preferences")
    wanted = set(form.all("wanted"))
    choices = {item["code"]: item["code"] in wanted for item in before["categories"] if not item["mandatory"]}
    await visit.send("PUT", "/me/notification-preferences", {"categories": choices})
    return visit.redirect(f"{PATH}#notifications", "profile.notifications_saved")


async def _page(visit: Visit, *, status: int = 200, form: Form | None = None, **context: Any) -> Response:
    customer, members, preferences = await asyncio.gather(
        visit.find("/customer"),
        visit.all("/members") if visit.may("members:read") else _nobody(),
        visit.find("/me/notification-preferences"),
    )
    fields = {}
    if customer:
        fields = {name: customer.get(name) or "" for name in COMPANY}
        fields |= {name: (customer.get("billing_address") or {}).get(name) or "" for name in ADDRESS}
    if form:
        fields |= form.values(*COMPANY, *ADDRESS)
    return await account_page(
        visit,
        "profile.html",
        status=status,
        customer=customer,
        fields=fields,
        members=members,
        roles=ROLES,
        preferences=(preferences or {}).get("categories", []),
        may_change=visit.may("orders:write"),
        may_invite=visit.may("members:write"),
        **{"errors": {}, "invitations": [], **context},
    )


async def _nobody() -> list[Any]:
    return []
