"""Identity as notifications sees it: a token endpoint and the endpoint that makes one-time links, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException

from tests.harness.eventually import eventually
from tests.harness.servers import free_port


class Identity:
    """Remembers what it was asked; `is_down` makes it answer 503."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.active: set[str] = set()
        self.is_down = False

    def app(self) -> FastAPI:
        """The two endpoints."""
        app = FastAPI()

        @app.post("/oauth2/token")
        async def token() -> dict[str, Any]:
            self._refuse_when_down()
            return {"access_token": "for-tests", "expires_in": 600, "token_type": "Bearer"}

        @app.post("/internal/action-links")
        async def action_links(wanted: dict[str, Any]) -> dict[str, Any]:
            self._refuse_when_down()
            self.asked.append(wanted)
            is_active = wanted["email"] in self.active
            path = "recover" if wanted["purpose"] == "recovery" else "activate"
            has_link = wanted["purpose"] == "recovery" or not is_active
            url = f"http://localhost:8080/{path}/secret-{len(self.asked)}" if has_link else None
            return {
                "account_id": "acc_1",
                "status": "active" if is_active else "invited",
                "url": url,
                "locale": wanted["locale"],
                "name": wanted["name"],
            }

        return app

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
