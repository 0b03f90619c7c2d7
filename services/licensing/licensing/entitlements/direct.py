"""A documented route whose handler reads the request itself.

The entitlement check is asked before every piece of work that an application does: its parameters are two strings, so
the general machinery that resolves dependencies and parameters would cost more than the answer.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def directly(handler: Handler) -> type[APIRoute]:
    """A route class that documents the function it decorates and runs `handler` instead."""

    class DirectRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            return handler

    return DirectRoute
