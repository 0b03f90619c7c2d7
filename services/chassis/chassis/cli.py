"""`python -m <service> serve|migrate|contracts`: the same commands for every service."""

import argparse
import asyncio
import gc
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import uvicorn

from chassis.db.migrate import migrate
from chassis.http.app import create_app
from chassis.http.asyncapi import envelope_schema
from chassis.ops import logging
from chassis.ops.settings import PlatformSettings
from chassis.runtime import Runtime
from chassis.service import Service

GRACE_SECONDS = 20
ALLOCATIONS_BETWEEN_COLLECTIONS = 20_000

Command = Callable[[Service, list[str]], None]


def main(service: Service, extra: Mapping[str, Command] | None = None) -> None:
    """Run one command of `service`; `extra` adds the service's own."""
    commands: dict[str, Command] = {"serve": serve, "migrate": bring_up_to_date, "contracts": write_contracts}
    commands |= dict(extra or {})
    parser = argparse.ArgumentParser(prog=f"python -m {service.name}", description=service.description)
    parser.add_argument("command", choices=list(commands))
    arguments, rest = parser.parse_known_args()
    commands[arguments.command](service, rest)


def serve(service: Service, arguments: list[str]) -> None:
    """Serve HTTP and do the background work until SIGTERM; `--migrate` brings the database up to date first."""
    platform = PlatformSettings()
    logging.configure(service.name, platform.log_level)
    settings = service.settings()
    if "--migrate" in arguments:
        asyncio.run(migrate(service.package, settings.database_url))
    app = create_app(service, Runtime(service, platform=platform, settings=settings))
    spare_the_collector()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def spare_the_collector() -> None:
    """What is loaded by now stays for ever: do not look through it again at every collection of garbage.

    A request that makes thousands of objects then takes two thirds of the processor time (`docs/performance.md`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS, 10, 10)


def bring_up_to_date(service: Service, arguments: list[str]) -> None:
    """Apply the migrations that are missing."""
    asyncio.run(migrate(service.package, service.settings().database_url))


def write_contracts(service: Service, arguments: list[str]) -> None:
    """Write the OpenAPI document and a JSON Schema per event into the directory given (default: `contracts`)."""
    directory = Path(arguments[0] if arguments else "contracts")
    for path, text in contracts(service).items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def contracts(service: Service) -> dict[str, str]:
    """The generated contracts of a service, by relative path."""
    files = {"openapi.json": _pretty(create_app(service).openapi())}
    for event in service.events:
        files[f"events/{event.event_type}.json"] = _pretty(envelope_schema(event, f"/{service.name}"))
    return files


def _pretty(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
