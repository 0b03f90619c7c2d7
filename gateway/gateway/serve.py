"""How the gateway listens: on the public origin's port, with its metrics on an inner one."""

import asyncio
import socket
from contextlib import suppress

import uvicorn
from prometheus_client import start_http_server

from chassis.cli import GRACE_SECONDS
from chassis.db.migrate import migrate
from chassis.http.app import create_app
from chassis.ops import logging
from chassis.ops.settings import PlatformSettings
from chassis.runtime import Runtime
from chassis.service import Service
from gateway.edges import Edges
from gateway.settings import listening_port

METRICS_PORT_OFFSET = 9
STARTUP_FAILURE = 3
"""The exit code that uvicorn uses for it."""


def serve(service: Service, arguments: list[str]) -> None:
    """Serve until SIGTERM; `--migrate` brings the database up to date first."""
    platform = PlatformSettings()
    logging.configure(service.name, platform.log_level)
    settings = service.settings()
    if "--migrate" in arguments:
        asyncio.run(migrate(service.package, settings.database_url))
    _serve_metrics(platform)
    runtime = Runtime(service, platform=platform, settings=settings)
    config = uvicorn.Config(
        create_app(service, runtime),
        host=settings.host,
        port=listening_port(settings, platform),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config, runtime)
    server.run()
    if not server.started:
        raise SystemExit(STARTUP_FAILURE)


class Server(uvicorn.Server):
    """Ends the streams of open pages before it waits for the requests that are still being answered."""

    def __init__(self, config: uvicorn.Config, runtime: Runtime) -> None:
        super().__init__(config)
        self._runtime = runtime

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        edges: Edges | None = self._runtime.edges
        if edges is not None:
            edges.streams.close()
        await super().shutdown(sockets)


def _serve_metrics(platform: PlatformSettings) -> None:
    """Counts are for operators inside: the public port does not know the address."""
    with suppress(OSError):
        start_http_server(platform.port_base + METRICS_PORT_OFFSET, addr="127.0.0.1")
