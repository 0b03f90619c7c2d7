"""`/shop/checkout`: choose how many and for how long, see the total with tax, pay."""

from typing import Any

from starlette.responses import Response

from gateway.pages.refusals import Refusal
from gateway.pages.visit import Here, Visit, portal_router

router = portal_router()

MOST_SEATS = 100_000
FIELDS = ("product", "interval", "quantity", "payment_method_id", "purchase_order_number")


@router.get("/shop/checkout")
async def show_checkout(visit: Here, product: str = "", interval: str = "", quantity: str = "1") -> Response:
    """The order form for one product; every choice shows a quote of what it costs."""
    if not product:
        return visit.redirect("/shop")
    fields = {"product": product, "interval": interval, "quantity": quantity, "payment_method_id": ""}
    return await _page(visit, fields)


@router.post("/shop/checkout")
async def order(visit: Here) -> Response:
    """Ask for the quote again (`do=quote`), or place the order. A form sent twice orders once."""
    form = await visit.form()
    fields = form.values(*FIELDS)
    if form["do"] == "quote":
        return await _page(visit, fields)
    errors = _missing(visit, fields)
    if errors:
        return await _page(visit, fields, status=422, errors=errors, key=form["idempotency_key"])
    body = {
        "lines": [_line(fields)],
        "payment_method_id": fields["payment_method_id"],
        **form.given("purchase_order_number"),
    }
    try:
        placed = await visit.send("POST", "/orders", body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = refusal.errors(visit.site, product_code="product")
        key = form["idempotency_key"] if refusal.is_of_a_form_sent_before else ""
        return await _page(visit, fields, status=refusal.status, errors=errors, key=key)
    return visit.redirect(f"/account/orders/{placed['id']}", "checkout.placed", number=placed.get("number", ""))


def _line(fields: dict[str, str]) -> dict[str, Any]:
    return {
        "product_code": fields["product"],
        "interval": fields["interval"],
        "quantity": _quantity(fields["quantity"]) or 1,
    }


def _quantity(text: str) -> int | None:
    return int(text) if text.isdigit() and 0 < int(text) <= MOST_SEATS else None


def _missing(visit: Visit, fields: dict[str, str]) -> dict[str, str]:
    errors = {}
    if _quantity(fields["quantity"]) is None:
        errors["quantity"] = visit.t("checkout.bad_quantity", most=MOST_SEATS)
    if not fields["payment_method_id"]:
        errors["payment_method_id"] = visit.t("checkout.no_payment_method")
    return errors


async def _page(
    visit: Visit,
    fields: dict[str, str],
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    key: str = "",
) -> Response:
    product = await visit.get(f"/products/{fields['product']}")
    prices = {price["interval"]: price for price in product.get("prices", ())}
    if fields["interval"] not in prices:
        fields["interval"] = next(iter(prices), "")
    methods = await visit.all("/payment-methods") if prices else []
    chosen = fields["payment_method_id"] or next((m["id"] for m in methods if m.get("is_default")), "")
    quote, refused = await _quote(visit, fields) if prices else (None, {})
    extra = {"idempotency_key": key} if key else {}
    return await visit.page(
        "shop/checkout.html",
        status=status,
        product=product,
        prices=prices,
        methods=methods,
        quote=quote,
        fields={"purchase_order_number": "", **fields, "payment_method_id": chosen},
        errors=errors or refused,
        **extra,
    )


async def _quote(visit: Visit, fields: dict[str, str]) -> tuple[Any, dict[str, str]]:
    if _quantity(fields["quantity"]) is None:
        return None, {"quantity": visit.t("checkout.bad_quantity", most=MOST_SEATS)}
    try:
        return await visit.send("POST", "/orders/quote", {"lines": [_line(fields)]}), {}
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return None, refusal.errors(visit.site)
