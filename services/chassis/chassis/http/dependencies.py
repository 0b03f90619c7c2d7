"""What a route may ask for: a transaction, a reader, the runtime, the caller with a scope."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader, Transaction
from chassis.http.caller import caller_of
from chassis.ops import context
from chassis.runtime import Runtime


def runtime_of(request: Request) -> Runtime:
    """The running service behind the request."""
    return request.app.state.runtime


async def _running(request: Request) -> Runtime:
    """Asynchronous, because FastAPI hands a plain function to a worker thread: that costs more than a small route."""
    return runtime_of(request)


async def transaction(request: Request) -> AsyncIterator[Transaction]:
    """A transaction that commits before the response is sent."""
    async with runtime_of(request).database.transaction() as tx:
        yield tx


async def reader(request: Request) -> AsyncIterator[Reader]:
    """A reader whose connection is given back before the response is sent."""
    async with runtime_of(request).database.read() as source:
        yield source


async def caller(request: Request) -> Principal:
    """The caller named by the access token. Raises Unauthenticated."""
    principal = await caller_of(request.scope, runtime_of(request))
    context.current().actor = principal.actor
    return principal


def requires(*scopes: str) -> Any:
    """A caller who holds at least one of `scopes`; `Annotated[Principal, requires("orders:read")]`."""

    async def permitted(request: Request) -> Principal:
        principal = await caller(request)
        principal.require(*scopes)
        return principal

    permitted.scopes = scopes  # type: ignore[attr-defined]
    return Depends(permitted, scope="function")


def authenticated() -> Any:
    """Any caller with a good token."""
    return Depends(caller, scope="function")


Run = Annotated[Runtime, Depends(_running)]
Tx = Annotated[Transaction, Depends(transaction, scope="function")]
Read = Annotated[Reader, Depends(reader, scope="function")]
Caller = Annotated[Principal, authenticated()]
