"""A partner's system: takes webhooks over real HTTP, checks their signatures, and misbehaves on demand."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response

from tests.harness.eventually import eventually
from tests.harness.servers import free_port


@dataclass(frozen=True)
class Received:
    """One delivery as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvents document."""
        return orjson.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is right (Standard Webhooks: HMAC-SHA256 over id.timestamp.body)."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return wanted in self.headers["webhook-signature"].split(" ")


@dataclass
class Partner:
    """Answers `status` to everything and remembers what it took."""

    url: str
    status: int = 200
    seen: list[Received] = field(default_factory=list)
    taken: list[Received] = field(default_factory=list)

    @property
    def types(self) -> list[str]:
        """The types of the events taken, in the order they came."""
        return [received.event["type"] for received in self.taken]

    def app(self) -> FastAPI:
        """One endpoint."""
        app = FastAPI()

        @app.post("/hooks")
        async def hooks(request: Request) -> Response:
            received = Received(dict(request.headers), await request.body())
            self.seen.append(received)
            if self.status < 300:
                self.taken.append(received)
            return Response(status_code=self.status, headers={"Location": "http://127.0.0.1:1/"})

        return app


@asynccontextmanager
async def running_partner() -> AsyncIterator[Partner]:
    """A partner on a free loopback port."""
    port = free_port()
    partner = Partner(f"http://127.0.0.1:{port}/hooks")
    server = uvicorn.Server(uvicorn.Config(partner.app(), port=port, log_level="error", access_log=False))
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield partner
    finally:
        server.should_exit = True
        await task
