"""Health of one service, for supervisors and the gateway, and its metrics; on the inner port only."""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from chassis.http.dependencies import Run
from chassis.http.json import JsonResponse

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives: nothing else is asked."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(run: Run) -> Response:
    """The database answers and the service is not shutting down; NATS may be away, the outbox bridges that."""
    details: dict[str, Any] = {"database": await _database_answers(run), "bus": run.bus.is_connected}
    ready = details["database"] and not run.is_draining
    return JsonResponse({"status": "ok" if ready else "unavailable", **details}, 200 if ready else 503)


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _database_answers(run: Run) -> bool:
    try:
        async with asyncio.timeout(2), run.database.read() as reader:
            return await reader.scalar(text("SELECT 1")) == 1
    except Exception:
        return False
