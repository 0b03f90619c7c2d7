"""`/shop`: the catalogue of the customer's region, and the wish list."""

from typing import Any

from starlette.responses import Response

from gateway.pages.refusals import Refusal
from gateway.pages.visit import Here, Visit, portal_router

router = portal_router()


@router.get("/shop")
async def show_catalogue(visit: Here, q: str = "") -> Response:
    """The products sold in the customer's region at its prices, and no others."""
    products = await visit.all("/products")
    text = q.strip().casefold()
    found = [product for product in products if text in _words(product)]
    return await visit.page(
        "shop/catalogue.html",
        products=found,
        text=q.strip(),
        has_products=bool(products),
        wished=await _wished(visit),
        may_buy=visit.may("orders:write"),
    )


@router.get("/shop/wishlist")
async def show_wishlist(visit: Here) -> Response:
    """My wish list, with today's prices."""
    wishes = await visit.all("/wishlist")
    return await visit.page("shop/wishlist.html", wishes=wishes, may_buy=visit.may("orders:write"))


@router.post("/shop/wishlist/{product_code}")
async def wish(visit: Here, product_code: str) -> Response:
    """Remember a product for later."""
    form = await visit.form()
    await visit.send("PUT", f"/wishlist/{product_code}")
    return visit.redirect(back(form["return_to"]), "shop.wished")


@router.post("/shop/wishlist/{product_code}/remove")
async def forget(visit: Here, product_code: str) -> Response:
    """Take it off the list; once is enough."""
    form = await visit.form()
    try:
        await visit.send("DELETE", f"/wishlist/{product_code}")
    except Refusal as refusal:
        if refusal.status != 404:
            raise
    return visit.redirect(back(form["return_to"]), "shop.forgotten")


async def _wished(visit: Visit) -> set[str]:
    if not visit.may("orders:read", "orders:write"):
        return set()
    return {str(wish["product_code"]) for wish in await visit.all("/wishlist")}


def _words(product: dict[str, Any]) -> str:
    texts = [product["code"]]
    for part in (product.get("name"), product.get("description")):
        texts += part.values() if isinstance(part, dict) else [part or ""]
    return " ".join(str(text) for text in texts).casefold()


def back(wanted: str) -> str:
    """Where a little form came from, if that is a place of the shop; else the wish list."""
    return wanted if wanted.startswith("/shop") and "\\" not in wanted and "//" not in wanted else "/shop/wishlist"
