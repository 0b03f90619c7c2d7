"""`/licenses/{id}`: Manage users. Who holds the seats of a license, and giving a seat to somebody new."""

import asyncio
from typing import Any

from starlette.responses import Response

from gateway.pages.refusals import Refusal
from gateway.pages.seat_list import Wish, sheet_of
from gateway.pages.visit import Form, Here, Visit, items_of, portal_router

router = portal_router()

FIELDS = ("emails", "first_day", "last_day")


@router.get("/licenses/{license_id}")
async def show_seats(visit: Here, license_id: str) -> Response:
    """The license, its holders of the past, present and future, and the form for a new user."""
    return await seats_page(visit, license_id)


@router.post("/licenses/{license_id}/assignments")
async def assign(visit: Here, license_id: str) -> Response:
    """Assign a seat to each address; the page says for every one what came of it.

    The answer is no redirect, because it has a result per address; sending it again (a reload) repeats nothing,
    thanks to the form's idempotency key.
    """
    form = await visit.form()
    if not form["emails"]:
        errors = {"emails": visit.t("seats.no_address")}
        return await seats_page(visit, license_id, status=422, form=form, errors=errors)
    license_ = await visit.get(f"/licenses/{license_id}")
    body = {"emails": form["emails"], "notify": form["notify"] == "yes", **days_of(form, license_)}
    try:
        path = f"/licenses/{license_id}/assignments"
        answer = await visit.send("POST", path, body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = refusal.errors(visit.site)
        return await seats_page(visit, license_id, status=refusal.status, form=form, errors=errors)
    results = results_of(answer)
    refused = [result for result in results if result.get("result") != "assigned"]
    form.again = {"emails": "\n".join(str(result.get("input") or "") for result in refused)}
    return await seats_page(visit, license_id, form=form if refused else None, results=results)


def days_of(form: Form, license_: dict[str, Any]) -> dict[str, str]:
    """The days asked for. The end of a license that renews means "as long as the license", renewals included."""
    days = form.given("first_day", "last_day")
    if license_.get("renews") and days.get("last_day") == license_["term"]["last_day"]:
        days.pop("last_day", None)
    return days


def results_of(answer: Any) -> list[dict[str, Any]]:
    """One result per address, however the list is wrapped."""
    return list(answer.get("results") or items_of(answer))


async def seats_page(
    visit: Visit, license_id: str, *, status: int = 200, form: Form | None = None, **context: Any
) -> Response:
    """Manage users, with `results` or `errors` of what was asked for, and the form as it was sent."""
    wanted = visit.request.query_params
    wish = Wish.of(
        show=wanted.get("show", ""),
        text=wanted.get("q", ""),
        seat=wanted.get("seat", ""),
        sort=wanted.get("sort", ""),
        page=wanted.get("page", ""),
    )
    license_, sheet = await asyncio.gather(visit.get(f"/licenses/{license_id}"), sheet_of(visit, license_id, wish))
    today = (await visit.today()).isoformat()
    term = license_.get("term") or {}
    usual = {"emails": "", "first_day": max(today, term.get("first_day") or today), "last_day": term.get("last_day")}
    return await visit.page(
        "licenses/seats.html",
        status=status,
        license=license_,
        sheet=sheet,
        wish=wish,
        has_holders=license_["origin"] != "one_off" and license_["assigned"] > 0,
        form={**usual, **(form.values(*FIELDS) if form else {}), **(form.again if form else {})},
        notify=form is None or form["notify"] == "yes",
        may_change=visit.may("licenses:write"),
        **{"results": [], "errors": {}, **context},
    )
