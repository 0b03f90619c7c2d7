"""What a service is made of: the table of contents that its `main.py` writes."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy import MetaData

from chassis.bus.reactions import Reactions
from chassis.facts import Event
from chassis.kernel.errors import BusinessError
from chassis.ops.settings import ServiceSettings
from chassis.timer import Jobs


@dataclass(frozen=True)
class Service:
    """One deployable service: its routes, its reactions, its jobs, its events, its tables."""

    name: str
    title: str
    description: str
    package: str
    settings: type[ServiceSettings]
    metadata: MetaData
    routers: Sequence[APIRouter] = ()
    """Mounted under `/api/v1` and documented."""
    pages: Sequence[APIRouter] = ()
    """Mounted at `/`, not part of the API documents."""
    internal: Sequence[APIRouter] = ()
    """Mounted under `/internal`, for other services only (scope `internal`)."""
    reactions: Sequence[Reactions] = ()
    jobs: Sequence[Jobs] = ()
    events: Sequence[type[Event]] = ()
    edges: Callable[[Any], AbstractAsyncContextManager[Any]] | None = None
    """Opens the service's own outside parts (mailer, payment provider, key ring) for the life of the process."""
    on_app: Callable[[Any], None] | None = None
    """Last touches to the FastAPI application (static files, extra exception handlers)."""
    problems: Sequence[type[BusinessError]] = ()
    """Problem types documented beyond those that the routes name."""
