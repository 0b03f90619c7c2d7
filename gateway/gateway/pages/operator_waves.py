"""`/operator/transfers/waves`: who moves on which date, the dry run, the campaign, the reports."""

import re
from typing import Any

from starlette.responses import Response

from gateway.pages.operator_pages import operator_page, refuse_others
from gateway.pages.refusals import Refusal
from gateway.pages.visit import Form, Glance, Here, Visit, items_of, portal_router

router = portal_router()

PATH = "/operator/transfers/waves"
STEPS = ("schedule", "start", "pause", "resume", "cancel", "confirm-release")
STATES = (
    "planned",
    "announced",
    "reminded",
    "transferring",
    "transferred",
    "activated",
    "settled",
    "failed",
    "held",
    "postponed",
    "rolled_back",
    "cancelled",
)
TEXTS = ("region", "country", "renewal_from", "renewal_to", "outcome")
NUMBERS = ("min_seats", "max_seats", "limit")
WINDOW = "safety_window_days"
FIELDS = ("name", "transfer_on", WINDOW, "customers", *TEXTS, *NUMBERS, "outside_safety_window")
PER_PAGE = 50


@router.get(PATH)
async def show_waves(visit: Here, cursor: str = "") -> Response:
    """The waves, the newest first, and the form that plans one."""
    return await _list(visit, cursor=cursor)


@router.post(PATH)
async def plan(visit: Here) -> Response:
    """Plan a wave: its date, and its customers by id or by a filter. It is a draft until it is scheduled."""
    form = await visit.form()
    body = {"name": form["name"], "transfer_on": form["transfer_on"] or None, **window(form), **whom(form)}
    try:
        wave = await visit.send("POST", "/transfer-waves", body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = told(visit, refusal, body.get("customers") or [])
        return await _list(visit, status=refusal.status, errors=errors, form=form)
    return visit.redirect(f"{PATH}/{wave['id']}", "waves.planned")


@router.get(PATH + "/{wave_id}")
async def show_wave(visit: Here, wave_id: str, state: str = "", cursor: str = "") -> Response:
    """A wave with its funnel, its customers by state, and what can be done next."""
    return await _page(visit, wave_id, state=state, cursor=cursor)


@router.get(PATH + "/{wave_id}/funnel")
async def show_funnel(visit: Glance, wave_id: str) -> Response:
    """How far the wave has come, for the page that watches it."""
    refuse_others(visit)
    wave = await visit.get(f"/transfer-waves/{wave_id}")
    return visit.site.fragment(visit.request, "operator/funnel.html", wave=wave)


@router.post(PATH + "/{wave_id}")
async def change(visit: Here, wave_id: str) -> Response:
    """Another name, date or safety window; whoever was told the old date is told the new one."""
    form = await visit.form()
    wanted = {**form.given("name", "transfer_on"), **window(form)}
    try:
        await visit.send("PATCH", f"/transfer-waves/{wave_id}", wanted)
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, wave_id, status=refusal.status, errors=refusal.errors(visit.site))
    return visit.redirect(f"{PATH}/{wave_id}", "waves.changed")


@router.post(PATH + "/{wave_id}/do")
async def take_step(visit: Here, wave_id: str) -> Response:
    """Schedule, start, pause, resume, cancel, confirm the release, or delete a draft."""
    form = await visit.form()
    step = form["step"]
    try:
        if step == "delete":
            await visit.send("DELETE", f"/transfer-waves/{wave_id}")
            return visit.redirect(PATH, "waves.deleted")
        if step in STEPS:
            await visit.send("POST", f"/transfer-waves/{wave_id}/{step}", key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, wave_id, status=refusal.status, errors=refusal.errors(visit.site))
    return visit.redirect(f"{PATH}/{wave_id}", "waves.step_taken")


@router.post(PATH + "/{wave_id}/check")
async def check(visit: Here, wave_id: str) -> Response:
    """The dry run: what moves, what stays and why, what blocks. It changes nothing and can be repeated.

    That of a large wave goes on in the background; the wave's page says how far it is.
    """
    refuse_others(visit)
    result = await visit.send("POST", f"/transfer-waves/{wave_id}/check")
    if "customers_done" in result:
        return visit.redirect(f"{PATH}/{wave_id}", "check.begun")
    wave = await visit.get(f"/transfer-waves/{wave_id}")
    return await operator_page(visit, "check.html", wave=wave, check=result)


@router.get(PATH + "/{wave_id}/check")
async def show_check(visit: Here, wave_id: str) -> Response:
    """What the last dry run said."""
    refuse_others(visit)
    result = await visit.get(f"/transfer-waves/{wave_id}/check")
    wave = await visit.get(f"/transfer-waves/{wave_id}")
    return await operator_page(visit, "check.html", wave=wave, check=result)


@router.get(PATH + "/{wave_id}/check/progress")
async def show_check_progress(visit: Glance, wave_id: str) -> Response:
    """How far the dry run is, for the page that watches it."""
    refuse_others(visit)
    wave = await visit.get(f"/transfer-waves/{wave_id}")
    return visit.site.fragment(visit.request, "operator/check_progress.html", wave=wave, visit=visit)


@router.get(PATH + "/{wave_id}/report")
async def show_report(visit: Here, wave_id: str, cursor: str = "") -> Response:
    """Reconciliation: both sides' counts and sums, every difference named, and who needs a hand."""
    refuse_others(visit)
    report = await visit.get(f"/transfer-waves/{wave_id}/report")
    page = await visit.find(f"/transfer-waves/{wave_id}/follow-up", limit=200, cursor=cursor or None) or {}
    return await operator_page(
        visit,
        "report.html",
        wave_id=wave_id,
        report=report,
        follow_up=items_of(page),
        next_cursor=page.get("next_cursor"),
        cursor=cursor,
    )


@router.get(PATH + "/{wave_id}/report.csv")
async def download_report(visit: Here, wave_id: str) -> Response:
    """The report as a table."""
    return await visit.table(f"/transfer-waves/{wave_id}/report", name=f"report-{wave_id}")


@router.get(PATH + "/{wave_id}/follow-up.csv")
async def download_follow_up(visit: Here, wave_id: str) -> Response:
    """Everybody who needs a hand, as a table."""
    return await visit.table(f"/transfer-waves/{wave_id}/follow-up", name=f"follow-up-{wave_id}")


@router.get(PATH + "/{wave_id}/release-list.csv")
async def download_release_list(visit: Here, wave_id: str) -> Response:
    """What the old shop must stop billing."""
    return await visit.table(f"/transfer-waves/{wave_id}/release-list", name=f"release-{wave_id}")


def window(form: Form) -> dict[str, Any]:
    """The safety window as a number; what is no number is left for the shop to refuse."""
    days = form[WINDOW]
    return {WINDOW: int(days) if days.isdecimal() else days} if days else {}


def whom(form: Form) -> dict[str, Any]:
    """The customers of a wave: the ids that were listed, else the filter."""
    if form["customers"]:
        return {"customers": [part for part in re.split(r"[\s,;]+", form["customers"]) if part]}
    numbers = {name: int(form[name]) for name in NUMBERS if form[name].isdigit()}
    careful = {"outside_safety_window": True} if form["outside_safety_window"] else {}
    return {"filter": {**form.given(*TEXTS), **numbers, **careful}}


def told(visit: Visit, refusal: Refusal, customers: list[str]) -> dict[str, str]:
    """Sentence by form field; of the customers that cannot be taken, each by its id."""
    errors = refusal.errors(visit.site)
    places = ((field, str(field["pointer"]).removeprefix("/customers/")) for field in refusal.fields)
    wrong = [(customers[int(at)], field) for field, at in places if at.isdecimal() and int(at) < len(customers)]
    if wrong:
        errors["customers"] = " ".join(f"{known}: {refusal.sentence(visit.site, field)}" for known, field in wrong)
    return errors


async def _list(visit: Visit, *, status: int = 200, form: Form | None = None, **context: Any) -> Response:
    refuse_others(visit)
    cursor = context.pop("cursor", "")
    page = await visit.get("/transfer-waves", limit=PER_PAGE, cursor=cursor or None)
    regions = items_of(await visit.find("/regions", limit=200))
    return await operator_page(
        visit,
        "waves.html",
        status=status,
        waves=items_of(page),
        next_cursor=page.get("next_cursor"),
        cursor=cursor,
        region_options=[("", visit.t("common.all")), *((item["code"], item["name"]) for item in regions)],
        fields=form.values(*FIELDS) if form else dict.fromkeys(FIELDS, ""),
        **{"errors": {}, **context},
    )


async def _page(
    visit: Visit, wave_id: str, *, status: int = 200, state: str = "", cursor: str = "", **context: Any
) -> Response:
    refuse_others(visit)
    wave = await visit.get(f"/transfer-waves/{wave_id}")
    wanted = {"wave": wave_id, "state": state or None, "cursor": cursor or None, "limit": PER_PAGE}
    page = await visit.get("/transfers", **wanted)
    return await operator_page(
        visit,
        "wave.html",
        status=status,
        wave=wave,
        transfers=items_of(page),
        next_cursor=page.get("next_cursor"),
        cursor=cursor,
        state=state,
        state_options=[("", visit.t("common.all")), *((name, visit.t(f"transfer_state.{name}")) for name in STATES)],
        **{"errors": {}, **context},
    )
