"""The gateway's table of contents."""

from fastapi import FastAPI

from chassis.service import Service
from gateway.apidocs import router as apidocs
from gateway.changes import router as changes
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


def on_app(app: FastAPI) -> None:
    """The addresses outside the API, and the front door before everything.

    They come before the kit's routes: `/readyz` and the documents speak of the whole platform here.
    """
    routes = app.router.routes
    of_the_kit = len(routes)
    for router in (operations.router, apidocs.router, sessions.router, login.router):
        app.include_router(router)
    routes[:] = routes[of_the_kit:] + routes[:of_the_kit]
    errors.install(app)
    app.add_middleware(FrontDoor)


service = Service(
    name="gateway",
    title="Gateway",
    description="The single public entry: sign-in sessions of browsers, the way to every service, the App Portal.",
    package="gateway",
    settings=GatewaySettings,
    metadata=METADATA,
    pages=[login.browser, apidocs.pages, changes.router, *pages.ROUTERS],
    reactions=[identity.reactions],
    jobs=[session_jobs.jobs, login_jobs.jobs],
    edges=edges,
    on_app=on_app,
)
