"""The gateway's table of contents."""

from fastapi import FastAPI

from chassis.service import Service
from gateway.apidocs import router as apidocs
from gateway.edges import edges
from gateway.login import jobs as login_jobs
from gateway.login import router as login
from gateway.operations import errors
from gateway.operations import router as operations
from gateway.pages import router as pages
from gateway.proxy.front import FrontDoor
from gateway.reactions import identity
from gateway.sessions import jobs as session_jobs
from gateway.sessions import router as sessions
from gateway.settings import GatewaySettings
from gateway.tables import METADATA

REPLACED = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json", "/asyncapi.json"})
"""Every service answers these about itself; the gateway answers them about the whole platform, or not at all."""


def on_app(app: FastAPI) -> None:
    """What the gateway answers instead of the kit, what it documents, and the front door before everything."""
    app.router.routes[:] = [route for route in app.router.routes if getattr(route, "path", "") not in REPLACED]
    for router in (operations.router, apidocs.router, sessions.router, login.router):
        app.include_router(router)
    errors.install(app)
    app.add_middleware(FrontDoor)


service = Service(
    name="gateway",
    title="Gateway",
    description="The single public entry: sign-in sessions of browsers, the way to every service, the App Portal.",
    package="gateway",
    settings=GatewaySettings,
    metadata=METADATA,
    pages=[login.browser, apidocs.pages, *pages.ROUTERS],
    reactions=[identity.reactions],
    jobs=[session_jobs.jobs, login_jobs.jobs],
    edges=edges,
    on_app=on_app,
)
