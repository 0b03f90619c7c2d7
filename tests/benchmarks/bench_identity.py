"""What the OpenID provider does per second in one process, and the processor time each answer costs it.

Run it alone on a quiet machine: `python -m tests.benchmarks.bench_identity`. It prints a table and asserts nothing
about time; the processor time per answer is the figure to compare on a busy machine.
"""

import asyncio
import base64
import contextlib
import multiprocessing
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import orjson
import psutil
import uvicorn

from chassis.http.app import create_app
from chassis.ops.settings import DEVELOPMENT_SECRET, PlatformSettings
from chassis.runtime import Runtime
from identity.main import service
from identity.settings import Settings
from tests.harness.servers import Databases, free_port, running_nats, running_postgres
from tests.identity.provider import challenge_of

CONNECTIONS = 8
SECONDS = 3.0
EMAIL, PASSWORD = "operator@bench.example", "a quiet harbour at dawn"
VERIFIER = "v" * 64
CALLBACK = "http://localhost:9999/callback"
SCOPE = "openid email operator:read"


def serve(port: int, database_url: str, nats_url: str, directory: str) -> None:
    """Identity's process."""
    platform = PlatformSettings(
        profile="test",
        nats_url=nats_url,
        data_dir=Path(directory),
        identity_url=f"http://127.0.0.1:{port}",
        log_level="WARNING",
    )
    settings = Settings(
        database_url=database_url, bootstrap_operator_email=EMAIL, bootstrap_operator_password=PASSWORD, pool_size=8
    )
    app = create_app(service, Runtime(service, platform=platform, settings=settings))
    uvicorn.run(app, port=port, log_level="error", access_log=False, http="httptools", loop="uvloop")


class Connection:
    """One connection that is kept, spoken over by hand so that the client costs little."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> "Connection":
        """A connection to the service."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, request: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return head, await self._reader.readexactly(length)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def get(path: str, **headers: str) -> bytes:
    """A GET request as it goes over the wire."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()


def post(path: str, form: dict[str, str], **headers: str) -> bytes:
    """A POST of a form as it goes over the wire."""
    body = urlencode(form)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{kind}{lines}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def basic(client_id: str, secret: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


Work = Callable[[Connection], Awaitable[None]]


@dataclass(frozen=True)
class Client:
    """What is needed to play a registered client and somebody who is signed in."""

    client_id: str
    authorization: str
    cookie: str

    @property
    def question(self) -> bytes:
        """An authorization request."""
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "state": "s",
            "nonce": "n",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        return get(f"/oauth2/authorize?{urlencode(query)}", Cookie=f"op={self.cookie}")

    async def flow(self, connection: Connection) -> dict[str, Any]:
        """The code flow: two requests."""
        head, _ = await connection.send(self.question)
        location = head.decode().lower().partition("location: ")[0]
        location = head.decode()[len(location) + len("location: ") :].partition("\r\n")[0]
        form = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(location).query)["code"][0],
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        _, body = await connection.send(post("/oauth2/token", form, Authorization=self.authorization))
        return orjson.loads(body)


async def prepared(port: int) -> Client:
    """A registered client and a signed-in operator."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        machine = {"grant_type": "client_credentials"}
        answer = await http.post("/oauth2/token", data=machine, auth=("operator-cli", DEVELOPMENT_SECRET))
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        metadata = {"client_name": "Bench", "redirect_uris": [CALLBACK], "scope": SCOPE, "first_party": True}
        client = (await http.post("/api/v1/clients", json=metadata, headers=bearer)).json()
        await http.post("/login", data={"email": EMAIL, "password": PASSWORD})
        return Client(client["client_id"], basic(client["client_id"], client["client_secret"]), http.cookies["op"])


def same(request: bytes, expected: bytes = b"HTTP/1.1 200") -> Work:
    """Work that sends one request."""

    async def work(connection: Connection) -> None:
        head, _ = await connection.send(request)
        assert head.startswith(expected), head

    return work


async def measured(port: int, server: psutil.Process, work: Work) -> tuple[float, float, float]:
    """Per second, median milliseconds, and microseconds of the server's processor per unit of work."""
    connections = [await Connection.to(port) for _ in range(CONNECTIONS)]
    latencies: list[float] = []
    until = time.perf_counter() + SECONDS

    async def keep_on(connection: Connection) -> None:
        while (started := time.perf_counter()) < until:
            await work(connection)
            latencies.append(time.perf_counter() - started)

    await asyncio.gather(*[work(connection) for connection in connections])
    before = server.cpu_times()
    await asyncio.gather(*[keep_on(connection) for connection in connections])
    after = server.cpu_times()
    for connection in connections:
        connection.close()
    spent = (after.user + after.system) - (before.user + before.system)
    latencies.sort()
    return len(latencies) / SECONDS, latencies[len(latencies) // 2] * 1000, spent / len(latencies) * 1e6


async def table(port: int, pid: int) -> None:
    """Measure one kind of work after the other."""
    server = psutil.Process(pid)
    client = await prepared(port)
    first = await Connection.to(port)
    access_token = (await client.flow(first))["access_token"]
    first.close()

    async def flow(connection: Connection) -> None:
        assert "id_token" in await client.flow(connection)

    works: dict[str, Work] = {
        "discovery": same(get("/.well-known/openid-configuration")),
        "key set": same(get("/oauth2/jwks")),
        "client credentials": same(
            post(
                "/oauth2/token",
                {"grant_type": "client_credentials"},
                Authorization=basic("operator-cli", DEVELOPMENT_SECRET),
            )
        ),
        "code flow (2 requests)": flow,
        "userinfo": same(get("/oauth2/userinfo", Authorization=f"Bearer {access_token}")),
        "introspection": same(post("/oauth2/introspect", {"token": access_token}, Authorization=client.authorization)),
        "password sign-in": same(post("/login", {"email": EMAIL, "password": PASSWORD}), b"HTTP/1.1 303"),
    }
    print(f"{f'{CONNECTIONS} connections':28}{'per second':>12}{'p50 ms':>9}{'server µs':>11}")
    for name, work in works.items():
        rate, median, cost = await measured(port, server, work)
        print(f"{name:28}{rate:>12,.0f}{median:>9.2f}{cost:>11,.0f}")


@contextlib.contextmanager
def process(target: Any, *arguments: Any) -> Iterator[multiprocessing.Process]:
    """A process for as long as the block lasts."""
    running = multiprocessing.get_context("spawn").Process(target=target, args=arguments, daemon=True)
    running.start()
    try:
        yield running
    finally:
        running.terminate()
        running.join(10)


async def reachable(url: str) -> None:
    """Wait until something answers."""
    async with httpx.AsyncClient() as client:
        for _ in range(300):
            with contextlib.suppress(httpx.HTTPError):
                await client.get(url)
                return
            await asyncio.sleep(0.1)
    raise TimeoutError(url)


async def measure(port: int, pid: int) -> None:
    """Wait for the service, then measure."""
    await reachable(f"http://127.0.0.1:{port}/healthz")
    await table(port, pid)


def main() -> None:
    """Print the table."""
    port = free_port()
    with running_postgres() as postgres, running_nats() as nats, tempfile.TemporaryDirectory() as directory:
        database_url = asyncio.run(Databases(postgres).fresh(service))
        with process(serve, port, database_url, nats.url, directory) as identity:
            assert identity.pid is not None
            asyncio.run(measure(port, identity.pid))


if __name__ == "__main__":
    main()
