"""What the shop makes of a license management that does not answer as it should."""

from collections.abc import Callable

import httpx
import pytest

from chassis.auth.clients import ServiceClient
from chassis.kernel.errors import Unavailable
from shop.seats.licensing import LicensingSeatHolders


def _unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def _slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def _failing(_: httpx.Request) -> httpx.Response:
    return httpx.Response(500)


@pytest.mark.parametrize("answer", [_unreachable, _slow, _failing])
async def test_no_answer_is_told_without_inner_addresses(answer: Callable[[httpx.Request], httpx.Response]) -> None:
    def everybody(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "token"})
        return answer(request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(everybody)) as http:
        clients = ServiceClient(
            http, token_url="http://inner/token", client_id="shop", client_secret="secret", audience="api"
        )
        holders = LicensingSeatHolders(clients, "http://inner:8103")

        with pytest.raises(Unavailable) as refused:
            await holders.fit("sub_1", quantity=1, release=[])

    assert "license management does not answer" in refused.value.detail
    assert "inner" not in refused.value.detail
