"""Builds a service's ASGI application: middleware, problems, routes, documents."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from chassis.http import health, problems
from chassis.http.asyncapi import asyncapi_document
from chassis.http.context import RequestContext
from chassis.http.dependencies import requires
from chassis.http.head import Head
from chassis.http.idempotency import Idempotency
from chassis.http.json import JsonResponse
from chassis.http.openapi import complete_openapi
from chassis.http.parked import parked_router
from chassis.http.shortcuts import Shortcuts
from chassis.runtime import Runtime
from chassis.service import Service

API_PREFIX = "/api/v1"


def create_app(service: Service, runtime: Runtime | None = None, *, in_background: bool = True) -> FastAPI:
    """The application of `service`; without `runtime` it makes its own from the environment when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runtime = app.state.runtime or Runtime(service)
        async with app.state.runtime.running(in_background=in_background):
            document = asyncio.create_task(asyncio.to_thread(app.openapi)) if in_background else None
            yield
            if document is not None:
                document.cancel()

    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1.0.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=_operation_id,
    )
    app.state.runtime = runtime
    _mount(app, service)
    problems.install(app)
    app.add_middleware(Shortcuts, routers=service.routers, prefix=API_PREFIX)
    app.add_middleware(Idempotency, runtime=_LateRuntime(app))
    app.add_middleware(Head)
    app.add_middleware(RequestContext)
    complete_openapi(app, service)
    if service.on_app is not None:
        service.on_app(app)
    return app


def _mount(app: FastAPI, service: Service) -> None:
    app.include_router(health.router)
    for router in service.routers:
        app.include_router(router, prefix=API_PREFIX)
    if service.reactions:
        app.include_router(parked_router(service.name, list(service.reactions)), prefix=API_PREFIX)
    for router in service.pages:
        app.include_router(router, include_in_schema=False)
    for router in service.internal:
        app.include_router(router, prefix="/internal", include_in_schema=False, dependencies=[requires("internal")])

    @app.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi() -> Any:
        return JsonResponse(asyncapi_document(service))


def _operation_id(route: APIRoute) -> str:
    return route.name


class _LateRuntime:
    """The runtime of an application that makes it only when it starts."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app.state.runtime, name)
