"""Browsers that a person signed in with before: others' guesses do not slow them down."""

import hmac
from base64 import urlsafe_b64encode

from starlette.requests import Request
from starlette.responses import Response

from chassis.runtime import Runtime

PURPOSE = "known-browser"
MOST_ACCOUNTS = 5
SEPARATOR = "~"
A_YEAR = 365 * 24 * 3600


def is_known(request: Request, email: str) -> bool:
    """Whether somebody signed in with this address in this browser before."""
    wanted = _mark(request.app.state.runtime, email)
    return any(hmac.compare_digest(wanted.encode(), mark.encode()) for mark in _marks(request))


def remember(request: Request, response: Response, email: str) -> None:
    """Leave a mark in the browser that only this installation can make; it opens nothing by itself."""
    runtime: Runtime = request.app.state.runtime
    mark = _mark(runtime, email)
    marks = [mark, *(other for other in _marks(request) if other != mark)][:MOST_ACCOUNTS]
    response.set_cookie(
        _cookie_name(runtime),
        SEPARATOR.join(marks),
        max_age=A_YEAR,
        path="/",
        secure=runtime.platform.is_secure,
        httponly=True,
        samesite="lax",
    )


def _marks(request: Request) -> list[str]:
    value = request.cookies.get(_cookie_name(request.app.state.runtime), "")
    return [mark for mark in value.split(SEPARATOR)[:MOST_ACCOUNTS] if mark]


def _mark(runtime: Runtime, email: str) -> str:
    return urlsafe_b64encode(runtime.edges.vault.mac(PURPOSE, email)).decode().rstrip("=")


def _cookie_name(runtime: Runtime) -> str:
    return "__Host-known" if runtime.platform.is_secure else "known"
