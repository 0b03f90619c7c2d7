"""One cookie per sign-in under way, so that several tabs may sign in at once without disturbing each other."""

from fastapi import Request
from starlette.responses import Response

from gateway.login import store
from gateway.login.rules import digest

PREFIX = "gwtx_"
PATH = "/bff"
MOST = 10


def name_of(state: str) -> str:
    """`gwtx_` and eight hex digits of the state's hash."""
    return PREFIX + digest(state)[:8]


def put(response: Response, *, state: str, secret: str, started_at: int, secure: bool) -> None:
    """Give the browser the secret of its sign-in."""
    response.set_cookie(
        name_of(state),
        f"{started_at}.{secret}",
        max_age=int(store.LIFE.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def secret_in(request: Request, state: str) -> str:
    """The secret that the browser holds for `state`; empty where it holds none."""
    return request.cookies.get(name_of(state), "").partition(".")[2]


def drop(response: Response, state: str, *, secure: bool) -> None:
    """The sign-in is done."""
    response.delete_cookie(name_of(state), path=PATH, httponly=True, samesite="lax", secure=secure)


def drop_oldest(request: Request, response: Response, *, secure: bool) -> None:
    """Make room: of more than ten given-up sign-ins the oldest are forgotten."""
    held = {name: value for name, value in request.cookies.items() if name.startswith(PREFIX)}
    oldest_first = sorted(held, key=lambda name: held[name].partition(".")[0])
    for name in oldest_first[: max(0, len(held) - MOST + 1)]:
        response.delete_cookie(name, path=PATH, httponly=True, samesite="lax", secure=secure)
