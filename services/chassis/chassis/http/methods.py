"""Which methods an address takes: what a refused one is told in `Allow` (RFC 9110, section 15.5.6)."""

from fastapi import Request
from starlette.routing import Match

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def allowed_methods(request: Request) -> list[str]:
    """All methods of the address, whichever routes they belong to; HEAD comes with GET."""
    offered = [method for method in METHODS if _is_offered(request, method)]
    return ["GET", "HEAD", *offered[1:]] if "GET" in offered else offered


def _is_offered(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)
