"""The gateway's table of contents."""

from fastapi import FastAPI

from chassis.service import Service
from gateway.edges import edges
from gateway.login import jobs as login_jobs
from gateway.login import router as login
from gateway.proxy.front import FrontDoor
from gateway.reactions import identity
from gateway.sessions import jobs as session_jobs
from gateway.sessions import router as sessions
from gateway.settings import GatewaySettings
from gateway.tables import METADATA


def on_app(app: FastAPI) -> None:
    """What the gateway documents under its own addresses, and the front door before everything."""
    app.include_router(sessions.router)
    app.include_router(login.router)
    app.add_middleware(FrontDoor)


service = Service(
    name="gateway",
    title="Gateway",
    description="The single public entry: sign-in sessions of browsers, the way to every service, the App Portal.",
    package="gateway",
    settings=GatewaySettings,
    metadata=METADATA,
    pages=[login.browser],
    reactions=[identity.reactions],
    jobs=[session_jobs.jobs, login_jobs.jobs],
    edges=edges,
    on_app=on_app,
)
