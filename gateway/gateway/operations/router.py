"""`/healthz`, `/readyz`, `/robots.txt`, `/favicon.ico`."""

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from chassis.http.dependencies import Run
from chassis.runtime import Runtime
from gateway.edges import services_of

ANSWER_SECONDS = 2.0
NO_STORE = {"Cache-Control": "no-store"}

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """The process lives: nothing else is asked."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


@router.get("/readyz")
async def readyz(run: Run) -> Response:
    """Whether the whole platform can serve: the gateway's database and every service behind it, each by name.

    NATS may be away: sessions and calls work without it, and the services bridge it by their outboxes.
    """
    services = services_of(run)
    answers = await asyncio.gather(_database_answers(run), *(_is_ready(run, url) for url in services.values()))
    parts = dict(zip(("gateway", *services), answers, strict=True))
    is_ready = all(parts.values()) and not run.is_draining
    body: dict[str, Any] = {
        "status": "ok" if is_ready else "unavailable",
        "services": {name: "ok" if is_up else "unavailable" for name, is_up in parts.items()},
        "bus": "ok" if run.bus.is_connected else "unavailable",
    }
    return JSONResponse(body, 200 if is_ready else 503, headers=NO_STORE)


@router.get("/robots.txt")
async def robots() -> Response:
    """Nothing here is for search engines."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


@router.get("/favicon.ico")
async def favicon() -> Response:
    """For browsers that do not read the page's own link."""
    return RedirectResponse("/static/icon.svg", 308)


async def _database_answers(run: Runtime) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS), run.database.read() as reader:
            return await reader.scalar(text("SELECT 1")) == 1
    except Exception:
        return False


async def _is_ready(run: Runtime, url: str) -> bool:
    try:
        answer = await run.http.get(f"{url}/readyz", timeout=ANSWER_SECONDS)
    except httpx.HTTPError:
        return False
    return answer.is_success
