"""What a refused method is told (RFC 9110 §15.5.6)."""

import pytest

from tests.harness.service import RunningService


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/me", "GET, HEAD, PATCH"),
        ("PATCH", "/api/v1/accounts", "GET, HEAD, POST"),
        ("DELETE", "/oauth2/userinfo", "GET, HEAD, POST"),
        ("GET", "/oauth2/token", "POST"),
        ("HEAD", "/oauth2/token", "POST"),
        ("PUT", "/login", "GET, HEAD, POST"),
    ],
)
async def test_it_is_told_all_that_are_offered(identity: RunningService, method: str, path: str, allowed: str) -> None:
    """Also where each method of an address is a route of its own."""
    async with identity.anonymous() as caller:
        answer = await caller.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.headers["content-type"] == "application/problem+json"
