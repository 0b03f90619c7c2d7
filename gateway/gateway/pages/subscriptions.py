"""`/account/subscriptions`: what renews, when and for how much; cancelling, resuming, changing it."""

from typing import Any

from starlette.responses import Response

from gateway.pages.account_pages import account_page
from gateway.pages.refusals import Refusal
from gateway.pages.seat_list import CURRENT
from gateway.pages.visit import Form, Here, Visit, portal_router

router = portal_router()

PATH = "/account/subscriptions"
MOST_SEATS = 100_000


@router.get(PATH)
async def show_subscriptions(visit: Here) -> Response:
    """The running subscriptions first, then those that ended."""
    subscriptions = await visit.all("/subscriptions")
    return await account_page(
        visit,
        "subscriptions.html",
        running=[item for item in subscriptions if item["status"] != "ended"],
        ended=[item for item in subscriptions if item["status"] == "ended"],
    )


@router.get(PATH + "/{subscription_id}")
async def show_subscription(visit: Here, subscription_id: str) -> Response:
    """One subscription with everything that can be done about it."""
    return await _page(visit, subscription_id)


@router.post(PATH + "/{subscription_id}/cancel")
async def cancel(visit: Here, subscription_id: str) -> Response:
    """End it with the present term; until then everything stays."""
    return await _do(visit, subscription_id, "cancel", {}, "subscriptions.cancelled")


@router.post(PATH + "/{subscription_id}/resume")
async def resume(visit: Here, subscription_id: str) -> Response:
    """Take the cancellation back."""
    return await _do(visit, subscription_id, "resume", {}, "subscriptions.resumed")


@router.post(PATH + "/{subscription_id}/change-payment-method")
async def change_payment_method(visit: Here, subscription_id: str) -> Response:
    """Pay the next renewal with another card or account."""
    form = await visit.form()
    body = {"payment_method_id": form["payment_method_id"]}
    return await _do(visit, subscription_id, "change-payment-method", body, "subscriptions.method_changed")


@router.post(PATH + "/{subscription_id}/change-quantity")
async def change_quantity(visit: Here, subscription_id: str) -> Response:
    """First the preview of what it costs and which seats it takes; with `do=change`, the change itself."""
    form = await visit.form()
    quantity = _quantity(form["quantity"])
    if quantity is None:
        errors = {"quantity": visit.t("checkout.bad_quantity", most=MOST_SEATS)}
        return await _page(visit, subscription_id, status=422, errors=errors, quantity=form["quantity"])
    if form["do"] == "change":
        body: dict[str, Any] = {"quantity": quantity}
        body |= {"release": form.all("release")} if form.all("release") else {}
        if problem := await _seats_in_use(visit, subscription_id, body):
            return await _page(
                visit, subscription_id, status=409, quantity=quantity, errors={"release": problem}, preview=True
            )
        return await _do(visit, subscription_id, "change-quantity", body, "subscriptions.quantity_changed", form=form)
    try:
        path = f"/subscriptions/{subscription_id}/preview-change"
        preview = await visit.send("POST", path, {"quantity": quantity})
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = refusal.errors(visit.site)
        return await _page(visit, subscription_id, status=refusal.status, errors=errors, quantity=quantity)
    return await _page(visit, subscription_id, preview=preview, quantity=quantity)


async def _do(
    visit: Visit, subscription_id: str, verb: str, body: dict[str, Any], flash: str, *, form: Form | None = None
) -> Response:
    form = form or await visit.form()
    try:
        await visit.send("POST", f"/subscriptions/{subscription_id}/{verb}", body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = refusal.errors(visit.site)
        return await _page(visit, subscription_id, status=refusal.status, errors=errors, quantity=form["quantity"])
    return visit.redirect(f"{PATH}/{subscription_id}", flash)


async def _page(
    visit: Visit, subscription_id: str, *, status: int = 200, quantity: int | str = "", **context: Any
) -> Response:
    subscription = await visit.get(f"/subscriptions/{subscription_id}")
    preview = context.pop("preview", None)
    if preview is True:
        path = f"/subscriptions/{subscription_id}/preview-change"
        preview = await visit.send("POST", path, {"quantity": quantity})
    holders = await _holders(visit, subscription) if preview else []
    methods = await visit.all("/payment-methods") if visit.may("payment_methods:write", "orders:write") else []
    return await account_page(
        visit,
        "subscription.html",
        status=status,
        subscription=subscription,
        methods=methods,
        preview=preview,
        holders=holders,
        quantity=quantity or subscription["quantity"],
        **{"errors": {}, **context},
    )


async def _seats_in_use(visit: Visit, subscription_id: str, body: dict[str, Any]) -> str | None:
    """Why so few seats are not enough for those who hold them, asked of the license management; or None."""
    if not visit.may("licenses:read"):
        return None
    for license_ in await visit.all("/licenses", subscription_id=subscription_id):
        try:
            await visit.send("POST", f"/licenses/{license_['id']}/resize-preview", {"release": [], **body})
        except Refusal as refusal:
            if refusal.status == 409:
                return visit.site.sentence_of(refusal.code, refusal.detail)
            raise
    return None


async def _holders(visit: Visit, subscription: dict[str, Any]) -> list[dict[str, Any]]:
    """Who holds the subscription's seats: the buyer says which are given up."""
    if not visit.may("licenses:read"):
        return []
    found: list[dict[str, Any]] = []
    for license_ in await visit.all("/licenses", subscription_id=subscription["id"]):
        rows = await visit.all(f"/licenses/{license_['id']}/assignments")
        found += [row for row in rows if row["status"] in CURRENT]
    return found


def _quantity(text: str) -> int | None:
    return int(text) if text.isdigit() and 0 < int(text) <= MOST_SEATS else None
