"""Identity as notifications sees it: a token endpoint and the route that makes one-time links, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException

from tests.harness.eventually import eventually
from tests.harness.servers import free_port


class Identity:
    """Remembers what it was asked; `is_down` makes it answer 503, and `stumbles_over` an address 500."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.calls: list[int] = []
        self.active: set[str] = set()
        self.unwanted: set[str] = set()
        self.stumbles_over: set[str] = set()
        self.is_down = False

    def app(self) -> FastAPI:
        """The two routes."""
        app = FastAPI()

        @app.post("/oauth2/token")
        async def token() -> dict[str, Any]:
            self._refuse_when_down()
            return {"access_token": "for-tests", "expires_in": 600, "token_type": "Bearer"}

        @app.post("/internal/action-links")
        async def action_links(body: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
            self._refuse_when_down()
            self.calls.append(len(body["items"]))
            if not self.stumbles_over.isdisjoint(wanted["email"] for wanted in body["items"]):
                raise HTTPException(500)
            return {"items": [self._answer(wanted) for wanted in body["items"]]}

        return app

    def _answer(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(wanted)
        if wanted["purpose"] == "email" and wanted["email"] in self.unwanted:
            return {"link": None, "code": "nothing_pending"}
        is_active = wanted["email"] in self.active
        path = "recover" if wanted["purpose"] == "recovery" else "activate"
        has_link = wanted["purpose"] == "recovery" or not is_active
        link = {
            "account_id": "acc_1",
            "status": "active" if is_active else "invited",
            "url": f"http://localhost:8080/{path}/secret-{len(self.asked)}" if has_link else None,
            "locale": wanted["locale"],
            "name": wanted["name"],
        }
        return {"link": link, "code": None}

    def _refuse_when_down(self) -> None:
        if self.is_down:
            raise HTTPException(503)


@asynccontextmanager
async def running_identity() -> AsyncIterator[Identity]:
    """Identity on a free port."""
    port = free_port()
    identity = Identity(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(uvicorn.Config(identity.app(), port=port, log_level="error", access_log=False))
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield identity
    finally:
        server.should_exit = True
        await task
