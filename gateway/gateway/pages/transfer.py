"""`/account/transfer`: what moved from the old shop, what stayed there and until when it can be used."""

from starlette.responses import Response

from gateway.pages.account_pages import account_page
from gateway.pages.visit import Here, portal_router

router = portal_router()


@router.get("/account/transfer")
async def show_transfer(visit: Here) -> Response:
    """The customer's own account of the move."""
    return await account_page(visit, "transfer.html", transfer=await visit.find("/transfer"))
