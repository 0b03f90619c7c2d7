"""`/account/subscriptions`: what renews, when and for how much; cancelling, resuming, changing it."""

from typing import Any

from starlette.responses import Response

from gateway.pages.account_pages import account_page
from gateway.pages.refusals import Refusal
from gateway.pages.visit import Here, Visit, portal_router

router = portal_router()

PATH = "/account/subscriptions"
MOST_SEATS = 100_000
SEATS_IN_USE = "seats-in-use"


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
    """End it with the present term, until when everything stays; one whose renewal is unpaid ends at once."""
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
    if form["do"] != "change":
        return await _preview(visit, subscription_id, quantity, chosen=form.all("release"))
    body: dict[str, Any] = {"quantity": quantity}
    body |= {"release": form.all("release")} if form.all("release") else {}
    try:
        path = f"/subscriptions/{subscription_id}/change-quantity"
        await visit.send("POST", path, body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not _is_about_seats(refusal):
            return await _refused(visit, subscription_id, refusal, quantity)
        errors = {"release": visit.site.sentence_of(SEATS_IN_USE)}
        return await _preview(visit, subscription_id, quantity, chosen=form.all("release"), status=409, errors=errors)
    return visit.redirect(f"{PATH}/{subscription_id}", "subscriptions.quantity_changed")


async def _do(visit: Visit, subscription_id: str, verb: str, body: dict[str, Any], flash: str) -> Response:
    form = await visit.form()
    try:
        path = f"/subscriptions/{subscription_id}/{verb}"
        subscription = await visit.send("POST", path, body, key=form["idempotency_key"])
    except Refusal as refusal:
        return await _refused(visit, subscription_id, refusal, form["quantity"])
    said = "subscriptions.ended_at_once" if subscription["status"] == "ended" else flash
    return visit.redirect(f"{PATH}/{subscription_id}", said)


async def _preview(visit: Visit, subscription_id: str, quantity: int, **context: Any) -> Response:
    """What it costs; and, where more seats are in use than would be left, who holds them: the buyer chooses."""
    try:
        path = f"/subscriptions/{subscription_id}/preview-change"
        preview = await visit.send("POST", path, {"quantity": quantity})
    except Refusal as refusal:
        if refusal.code != SEATS_IN_USE:
            return await _refused(visit, subscription_id, refusal, quantity)
        question = refusal.problem
        return await _page(
            visit, subscription_id, quantity=quantity, preview=question["preview"], question=question, **context
        )
    return await _page(visit, subscription_id, quantity=quantity, preview=preview, **context)


async def _refused(visit: Visit, subscription_id: str, refusal: Refusal, quantity: int | str) -> Response:
    if not refusal.is_about_input:
        raise refusal
    errors = refusal.errors(visit.site)
    return await _page(visit, subscription_id, status=refusal.status, errors=errors, quantity=quantity)


async def _page(
    visit: Visit, subscription_id: str, *, status: int = 200, quantity: int | str = "", **context: Any
) -> Response:
    subscription = await visit.get(f"/subscriptions/{subscription_id}")
    methods = await visit.all("/payment-methods") if visit.may("payment_methods:write", "orders:write") else []
    return await account_page(
        visit,
        "subscription.html",
        status=status,
        subscription=subscription,
        methods=methods,
        quantity=quantity or subscription["quantity"],
        **{"errors": {}, "preview": None, "question": None, "chosen": [], **context},
    )


def _is_about_seats(refusal: Refusal) -> bool:
    """Whether too few were named, or somebody who holds no seat any more: the question is asked again."""
    named = [str(field.get("pointer") or "").startswith("/release") for field in refusal.fields]
    return refusal.code == SEATS_IN_USE or any(named)


def _quantity(text: str) -> int | None:
    return int(text) if text.isdigit() and 0 < int(text) <= MOST_SEATS else None
