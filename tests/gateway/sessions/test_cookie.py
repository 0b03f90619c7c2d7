"""The session's cookie on a public host."""

from dataclasses import replace

from starlette.responses import Response

from gateway.sessions import cookie
from tests.harness.service import RunningService


async def test_on_https_the_cookie_is_tied_to_the_host_and_never_sent_in_clear(gateway: RunningService) -> None:
    desk = replace(gateway.runtime.edges.desk, is_secure=True)
    response = Response()

    cookie.put(response, desk, "value")

    written = response.headers["set-cookie"]
    assert written.startswith("__Host-gw=value")
    assert all(part in written for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"))
    assert "Domain" not in written
