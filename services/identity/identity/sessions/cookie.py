"""The cookie that carries a session: `op`, on https `__Host-op`. It holds randomness, and the database its digest."""

import hashlib
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """A cookie to set: `max_age` is None for one that ends with the browser."""

    name: str
    value: str
    is_secure: bool
    max_age: int | None


def cookie_name(*, is_secure: bool) -> str:
    """`__Host-` binds the cookie to this very host (RFC 6265bis §4.1.3.2)."""
    return "__Host-op" if is_secure else "op"


def new_secret() -> str:
    """256 bits of randomness."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a cookie's value."""
    return hashlib.sha256(secret.encode()).hexdigest()


def presented_secret(request: Request) -> str | None:
    """The cookie's value as the browser sent it."""
    is_secure = request.app.state.runtime.platform.is_secure
    return request.cookies.get(cookie_name(is_secure=is_secure)) or None


def set_session_cookie(response: Response, cookie: SessionCookie) -> None:
    """Hand the session to the browser."""
    response.set_cookie(
        cookie.name,
        cookie.value,
        max_age=cookie.max_age,
        path="/",
        secure=cookie.is_secure,
        httponly=True,
        samesite="lax",
    )


def drop_session_cookie(request: Request, response: Response) -> None:
    """Take the session back from the browser."""
    is_secure = request.app.state.runtime.platform.is_secure
    response.delete_cookie(cookie_name(is_secure=is_secure), path="/", secure=is_secure, httponly=True, samesite="lax")
