"""What all pages of My account share: the places at their side."""

from typing import Any

from starlette.responses import Response

from gateway.pages.navigation import ACCOUNT_PLACES, places
from gateway.pages.visit import Visit


async def account_page(visit: Visit, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page of My account."""
    side = places(ACCOUNT_PLACES, visit.session, visit.t, visit.request.url.path)
    return await visit.page(f"account/{template}", status=status, side=side, **context)
