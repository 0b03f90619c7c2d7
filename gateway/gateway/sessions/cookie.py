"""The cookie that stands for a session: unreadable for scripts, for this host alone."""

from starlette.responses import Response

from gateway.sessions.desk import SessionDesk


def put(response: Response, desk: SessionDesk, value: str) -> None:
    """Give the browser its session; it ends with the browser unless the session ends before."""
    response.set_cookie(desk.cookie_name, value, path="/", httponly=True, samesite="lax", secure=desk.is_secure)


def drop(response: Response, desk: SessionDesk) -> None:
    """Take it away."""
    response.delete_cookie(desk.cookie_name, path="/", httponly=True, samesite="lax", secure=desk.is_secure)
