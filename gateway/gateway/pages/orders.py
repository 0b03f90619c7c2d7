"""`/account/orders`: the order history, one order, its invoice; and the archive of the old shop."""

from starlette.responses import Response

from chassis.kernel.errors import NotFound
from gateway.pages.account_pages import account_page
from gateway.pages.visit import Here, items_of, portal_router

router = portal_router()

DOCUMENTS = {"pdf": "application/pdf", "xml": "application/xml"}
PER_PAGE = 25


@router.get("/account/orders")
async def show_orders(visit: Here, cursor: str = "") -> Response:
    """Order history: transferred and new orders, newest first."""
    page = await visit.get("/orders", limit=PER_PAGE, cursor=cursor or None)
    transfer = await visit.find("/transfer")
    return await account_page(
        visit,
        "orders.html",
        orders=items_of(page),
        next_cursor=page.get("next_cursor"),
        cursor=cursor,
        has_archive=bool(transfer),
    )


@router.get("/account/orders/legacy")
async def show_archive(visit: Here, search: str = "", year: str = "", cursor: str = "") -> Response:
    """Order history of the old shop: every order placed there, to read only."""
    wanted = {"search": search or None, "year": year if year.isdigit() else None, "cursor": cursor or None}
    page = await visit.find("/legacy-orders", limit=PER_PAGE, **wanted) or {}
    return await account_page(
        visit,
        "archive.html",
        orders=items_of(page),
        next_cursor=page.get("next_cursor"),
        cursor=cursor,
        search=search,
        year=year,
    )


@router.get("/account/orders/legacy/{order_id}")
async def show_archived_order(visit: Here, order_id: str) -> Response:
    """One order of the old shop."""
    return await account_page(visit, "archived_order.html", order=await visit.get(f"/legacy-orders/{order_id}"))


@router.get("/account/orders/{order_id}")
async def show_order(visit: Here, order_id: str) -> Response:
    """What was ordered, what it cost, how it was paid, its invoice."""
    return await account_page(visit, "order.html", order=await visit.get(f"/orders/{order_id}"))


@router.get("/account/invoices/{invoice_id}.{kind}")
async def download_invoice(visit: Here, invoice_id: str, kind: str) -> Response:
    """The invoice as PDF to read or XML to book."""
    if kind not in DOCUMENTS:
        raise NotFound()
    invoice = await visit.get(f"/invoices/{invoice_id}")
    answer = await visit.raw(f"/invoices/{invoice_id}/{kind}", Accept=DOCUMENTS[kind])
    name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in str(invoice.get("number") or invoice_id))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(answer.content, media_type=DOCUMENTS[kind], headers=headers)
