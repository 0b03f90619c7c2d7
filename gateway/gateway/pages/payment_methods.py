"""`/account/payment-methods`: cards and SEPA mandates. No card number ever passes through here."""

from urllib.parse import urlencode

from starlette.responses import Response

from gateway.pages.account_pages import account_page
from gateway.pages.refusals import Refusal
from gateway.pages.visit import Here, Visit, portal_router

router = portal_router()

PATH = "/account/payment-methods"
SANDBOX_CARDS = (
    "tok_visa",
    "tok_mastercard",
    "tok_amex",
    "tok_declined",
    "tok_insufficient_funds",
    "tok_action_required",
)
SANDBOX_ACCOUNTS = ("tok_sepa", "tok_sepa_declined")


@router.get(PATH)
async def show_payment_methods(visit: Here, return_to: str = "", token: str = "") -> Response:
    """What the organization pays with; with `token`, what was entered at the payment provider is still to be saved."""
    return await _page(visit, return_to=return_to, token=token)


@router.get(PATH + "/enter")
async def enter(visit: Here, return_to: str = "") -> Response:
    """To the payment provider's own page, and back with a token. Not a form's POST: those may not leave this site."""
    back = f"{visit.request.app.state.runtime.platform.public_url}{PATH}"
    if return_to:
        back += f"?{urlencode({'return_to': return_to})}"
    setup = await visit.send("POST", "/payment-methods/setups", {"return_url": back})
    return visit.redirect(setup["url"])


@router.post(PATH)
async def add(visit: Here) -> Response:
    """Add a card or an account by the payment provider's token."""
    form = await visit.form()
    body = {"token": form["token"], "make_default": form["make_default"] == "yes"}
    try:
        await visit.send("POST", "/payment-methods", body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = refusal.errors(visit.site)
        return await _page(visit, status=refusal.status, errors=errors, return_to=form["return_to"])
    return visit.redirect(_back(form["return_to"]), "payment_methods.added")


@router.post(PATH + "/{method_id}/make-default")
async def make_default(visit: Here, method_id: str) -> Response:
    """New orders are paid with it unless another one is chosen."""
    await visit.send("POST", f"/payment-methods/{method_id}/make-default")
    return visit.redirect(PATH, "payment_methods.made_default")


@router.post(PATH + "/{method_id}/delete")
async def delete(visit: Here, method_id: str) -> Response:
    """Remove it, unless a running subscription is paid with it."""
    try:
        await visit.send("DELETE", f"/payment-methods/{method_id}")
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return await _page(visit, status=409, errors=refusal.errors(visit.site))
    return visit.redirect(PATH, "payment_methods.removed")


async def _page(
    visit: Visit, *, status: int = 200, errors: dict[str, str] | None = None, return_to: str = "", token: str = ""
) -> Response:
    platform = visit.request.app.state.runtime.platform
    return await account_page(
        visit,
        "payment_methods.html",
        status=status,
        methods=await visit.all("/payment-methods"),
        errors=errors or {},
        return_to=return_to,
        entered=token,
        sandbox=() if platform.is_production else (SANDBOX_CARDS, SANDBOX_ACCOUNTS),
    )


def _back(wanted: str) -> str:
    return wanted if wanted.startswith("/shop/checkout?") and "\\" not in wanted else PATH
