"""A little application with pages of the kit alone: no database, no bus."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Form, Request
from starlette.responses import Response

from chassis.kernel.errors import NotFound, Throttled, Unauthenticated
from chassis.ops.settings import PlatformSettings
from chassis.pages import Site, page_router, site_of, static_router

KitSite = Annotated[Site, site_of("chassis.pages")]
router = page_router("chassis.pages", sign_in="/bff/login")


@router.get("/things/{thing}")
async def show(request: Request, site: KitSite, thing: str) -> Response:
    match thing:
        case "missing":
            raise NotFound("There is no thing of that name.")
        case "private":
            raise Unauthenticated()
        case "busy":
            raise Throttled(retry_after=7)
    return site.page(request, "error.html", kind=404, sentence=thing, request_id="")


@router.post("/things")
async def keep(request: Request, site: KitSite, name: Annotated[str, Form()]) -> Response:
    return site.redirect(request, "/things/kept", flash="kit.back_to_portal", portal=name)


@router.post("/private-things")
async def keep_privately() -> Response:
    raise Unauthenticated()


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.runtime = SimpleNamespace(platform=PlatformSettings(public_url="http://localhost:8080"))
    app.include_router(router)
    app.include_router(static_router())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client
