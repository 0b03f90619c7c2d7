"""What is turned away at the door, and how: problems for programs, pages for people."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.main import service
from tests.gateway.conftest import platform_of
from tests.gateway.party import Party
from tests.harness.servers import Databases, LocalNats, free_port
from tests.harness.service import RunningService, running


async def raw(address: str, request: bytes) -> bytes:
    """Send bytes as they are; the whole answer."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(65536), 5)
    writer.close()
    return answer


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /api/v1/../internal HTTP/1.1",
        b"GET /api/v1/%2e%2e/internal HTTP/1.1",
        b"GET /api/v1%2finternal HTTP/1.1",
        b"GET /api/v1//orders HTTP/1.1",
        b"GET /api\\v1 HTTP/1.1",
    ],
)
async def test_a_path_with_tricks_reaches_nobody(public: str, party: Party, request_line: bytes) -> None:
    answer = await raw(public, request_line + b"\r\nHost: localhost:8080\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400")
    assert party.calls == []


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: abc\r\n",
        b"Content-Length: -1\r\n",
        b"X-Folded: a\r\n b\r\n",
        b"X-Nul: a\x00b\r\n",
        b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
    ],
)
async def test_a_request_that_two_readers_read_differently_reaches_nobody(
    public: str, party: Party, headers: bytes
) -> None:
    answer = await raw(public, b"POST /api/v1/orders HTTP/1.1\r\nHost: localhost:8080\r\n" + headers + b"\r\nhello")

    assert answer.startswith(b"HTTP/1.1 400")
    assert party.calls == []


async def test_a_request_says_which_host_it_means(public: str, party: Party) -> None:
    """RFC 9112, section 3.2."""
    answer = await raw(public, b"GET /api/v1/orders HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400")
    assert party.calls == []


@pytest.mark.parametrize("headers", [{f"X-{n}": "1" for n in range(150)}, {"X-Large": "x" * 20_000}])
async def test_too_many_headers_are_refused(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await browser.get("/api/v1/products", headers=headers)

    assert answer.status_code == 431
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND"])
async def test_an_odd_method_is_answered_with_a_problem(browser: httpx.AsyncClient, method: str) -> None:
    answer = await browser.request(method, "/api/v1/products")

    assert answer.status_code == 405
    assert answer.json()["type"].endswith("/problems/method-not-allowed")


async def test_an_unknown_api_address_is_a_problem(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/api/v1/nothing-here", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_address_is_a_page_for_people(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/nothing-here", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/metrics", "/internal/anything", "/internal"])
async def test_what_is_inner_stays_inside(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_a_body_over_the_limit_is_refused_before_it_is_read(browser: httpx.AsyncClient, party: Party) -> None:
    answer = await browser.post("/api/v1/orders", content=b"x" * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert party.calls == []


async def test_the_gateways_own_pages_take_no_more(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/bff/organization", content=b"x" * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 413


async def test_a_body_that_hides_its_size_is_cut_at_the_limit(public: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 1024 * 1024

    async with httpx.AsyncClient(base_url=f"http://{public}") as client:
        answer = await client.post("/api/v1/orders", content=endless())

    assert answer.status_code == 413


@pytest.fixture
async def lonely(
    databases: Databases, nats_server: LocalNats, party: Party, tmp_path: Path
) -> AsyncIterator[RunningService]:
    """A gateway whose shop is not there and whose licensing is slow."""
    platform = platform_of(party, tmp_path) | {"shop_url": f"http://127.0.0.1:{free_port()}"}
    settings = {"answer_seconds": 0.3}
    async with running(
        service, databases, nats_server, platform=platform, settings=settings, fresh_bus=False
    ) as gateway:
        yield gateway


async def test_a_service_that_is_not_there_is_said_so(lonely: RunningService) -> None:
    async with lonely.anonymous() as client:
        answer = await client.get("/api/v1/orders")
        login = await client.get("/login", headers={"Accept": "text/html"})

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["type"].endswith("/problems/unavailable")
    assert login.status_code == 200


async def test_after_many_failures_a_service_is_left_alone(lonely: RunningService, party: Party) -> None:
    async with lonely.anonymous() as client:
        for _ in range(25):
            answer = await client.post("/api/v1/orders", json={})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 3
        assert (await client.get("/api/v1/licenses")).status_code == 200


async def test_a_service_that_says_nothing_is_not_waited_for_forever(
    databases: Databases, nats_server: LocalNats, party: Party, tmp_path: Path
) -> None:
    platform, settings = platform_of(party, tmp_path), {"answer_seconds": 0.3}
    async with (
        running(service, databases, nats_server, platform=platform, settings=settings, fresh_bus=False) as gateway,
        gateway.anonymous() as client,
    ):
        answer = await client.get("/api/v1/products/slow")

    assert answer.status_code == 504
    assert answer.json()["type"].endswith("/problems/no-answer-in-time")


async def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(public: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://{public}") as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/api/v1/products/broken")


async def test_a_session_that_asks_too_much_is_slowed_down(
    databases: Databases, nats_server: LocalNats, party: Party, tmp_path: Path
) -> None:
    platform, settings = platform_of(party, tmp_path), {"visitor_rate_per_minute": 30, "client_rate_per_minute": 30}
    async with running(
        service, databases, nats_server, platform=platform, settings=settings, fresh_bus=False
    ) as gateway:
        async with gateway.anonymous() as visitor:
            answers = [await visitor.get("/api/v1/products") for _ in range(12)]
        async with gateway.client() as partner:
            allowed = await partner.get("/api/v1/products")

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert allowed.status_code == 200


async def test_mails_to_addresses_that_anybody_types_in_are_few(
    databases: Databases, nats_server: LocalNats, party: Party, tmp_path: Path
) -> None:
    platform, settings = platform_of(party, tmp_path), {"mail_rate_per_minute": 6}
    async with (
        running(service, databases, nats_server, platform=platform, settings=settings, fresh_bus=False) as gateway,
        gateway.anonymous() as visitor,
    ):
        asked = [await visitor.post(path) for path in ("/recover", "/api/v1/registrations", "/register")]
        looked = await visitor.get("/recover")

    assert [answer.status_code == 429 for answer in asked] == [False, False, True]
    assert looked.status_code != 429
