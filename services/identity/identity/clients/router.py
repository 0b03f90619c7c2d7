"""OAuth clients, for operators."""

from dataclasses import astuple
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import PreconditionFailed
from chassis.runtime import Runtime
from identity.clients.change import change
from identity.clients.client import Client
from identity.clients.errors import ClientHasNoSecret, ClientIsBuiltIn, ClientNotFound, InvalidClientMetadata
from identity.clients.queries import find_client
from identity.clients.register import register
from identity.clients.remove import remove
from identity.clients.rotate_secret import rotate_secret
from identity.clients.schemas import ChangeClient, ClientView, NewSecret, RegisterClient, RegisteredClient
from identity.clients.store import client_of, in_order, selection

router = APIRouter(tags=["OAuth clients (operators)"])

Operator = Annotated[Principal, requires("operator:read", "operator:write")]
ChangingOperator = Annotated[Principal, requires("operator:write")]


@router.post("/clients", status_code=201, responses=problems(InvalidClientMetadata))
async def register_client(
    body: RegisterClient, response: Response, tx: Tx, run: Run, _: ChangingOperator
) -> RegisteredClient:
    """Register a client. Its secret, if it uses one, is shown this once."""
    sent = body.model_dump(exclude_unset=True)
    client, secret = await register(tx, metadata=sent, loopback_allowed=_is_loopback_allowed(run))
    response.headers.update({"Location": f"/api/v1/clients/{client.id}", "Cache-Control": "no-store"})
    return RegisteredClient.with_secret(client, secret)


@router.get("/clients")
async def list_clients(
    page: PageQuery,
    reader: Read,
    _: Operator,
    organization_id: Annotated[str | None, Query(description="Only those of this organization.")] = None,
    client_name: Annotated[str | None, Query(description="Only those with this name.")] = None,
    status: Annotated[Literal["active", "disabled"] | None, Query()] = None,
) -> Page[ClientView]:
    """All clients, the oldest first."""
    statement = selection(organization_id=organization_id, name=client_name, status=status)
    return await page_of(reader, statement, page, order_by=in_order, convert=lambda row: ClientView.of(client_of(row)))


@router.get("/clients/{client_id}", responses=problems(ClientNotFound))
async def show_client(client_id: str, response: Response, reader: Read, _: Operator) -> ClientView:
    """One client."""
    client = await find_client(reader, client_id=client_id)
    if client is None:
        raise ClientNotFound()
    response.headers["ETag"] = _etag(client)
    return ClientView.of(client)


@router.patch(
    "/clients/{client_id}",
    responses=problems(ClientNotFound, ClientIsBuiltIn, PreconditionFailed, InvalidClientMetadata),
)
async def change_client(
    client_id: str, body: ChangeClient, request: Request, response: Response, tx: Tx, run: Run, _: ChangingOperator
) -> ClientView:
    """Change a client, its keys and its status included; the change acts at once."""
    before = await find_client(tx, client_id=client_id)
    if before is not None:
        check_if_match(request, _etag(before))
    tx.after_commit(lambda: run.edges.clients.forget(client_id))
    client = await change(
        tx,
        client_id=client_id,
        metadata=body.model_dump(exclude_unset=True),
        loopback_allowed=_is_loopback_allowed(run),
    )
    response.headers["ETag"] = _etag(client)
    return ClientView.of(client)


@router.delete("/clients/{client_id}", status_code=204, responses=problems(ClientNotFound, ClientIsBuiltIn))
async def remove_client(client_id: str, tx: Tx, run: Run, _: ChangingOperator) -> None:
    """Remove a client; its tokens are refused at once."""
    tx.after_commit(lambda: run.edges.clients.forget(client_id))
    await remove(tx, client_id=client_id)


@router.post(
    "/clients/{client_id}/rotate-secret", responses=problems(ClientNotFound, ClientIsBuiltIn, ClientHasNoSecret)
)
async def rotate_client_secret(client_id: str, response: Response, tx: Tx, run: Run, _: ChangingOperator) -> NewSecret:
    """Give a client a new secret, shown this once. The one before stays good until the next rotation."""
    tx.after_commit(lambda: run.edges.clients.forget(client_id))
    secret = await rotate_secret(tx, client_id=client_id)
    response.headers["Cache-Control"] = "no-store"
    return NewSecret(client_id=client_id, client_secret=secret, client_secret_expires_at=0)


def _is_loopback_allowed(run: Runtime) -> bool:
    return not run.platform.is_production


def _etag(client: Client) -> str:
    return etag_of(*astuple(client))
