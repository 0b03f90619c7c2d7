"""What the shop makes of a license management that tells the units left, or does not."""

from collections.abc import Callable, Mapping

import httpx
import pytest

from chassis.auth.clients import ServiceClient
from shop.one_offs.licensing import LicensingUnitsLeft


async def told_by(answer: Callable[[httpx.Request], httpx.Response]) -> Mapping[str, int]:
    """What the shop knows when licensing answers like this."""

    def everybody(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "token"})
        return answer(request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(everybody)) as http:
        clients = ServiceClient(
            http, token_url="http://inner/token", client_id="shop", client_secret="secret", audience="api"
        )
        return await LicensingUnitsLeft(clients, "http://inner:8103").of("org_1")


async def test_units_are_told_by_the_ids_of_the_legacy_shop() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/internal/organizations/org_1/one-off-units"
        return httpx.Response(200, json={"items": [{"legacy_id": "L1", "units_left": 45}]})

    assert await told_by(answer) == {"L1": 45}


def _unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def _slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


@pytest.mark.parametrize("answer", [_unreachable, _slow, lambda _: httpx.Response(500)])
async def test_without_an_answer_nothing_is_known(answer: Callable[[httpx.Request], httpx.Response]) -> None:
    assert await told_by(answer) == {}
