"""Webhooks: where partners' systems hear what happens in their organization."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader, Transaction
from chassis.http.dependencies import Read, Run, Tx, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.emails import normalize_email
from chassis.kernel.errors import FieldError, Invalid, PreconditionFailed
from notifications.webhooks import store
from notifications.webhooks.change import change
from notifications.webhooks.create import Wanted, create
from notifications.webhooks.errors import (
    DeliveryPending,
    TooManyEndpoints,
    WebhookDeliveryNotFound,
    WebhookEndpointNotFound,
)
from notifications.webhooks.fan_out import body_of
from notifications.webhooks.guard import NotAllowed, Policy, check_url
from notifications.webhooks.models import deliveries, endpoints
from notifications.webhooks.redeliver import redeliver
from notifications.webhooks.rotate_secret import rotate_secret
from notifications.webhooks.rules import is_known_filter
from notifications.webhooks.schemas import (
    ChangeWebhookEndpoint,
    CreateWebhookEndpoint,
    NewWebhookEndpoint,
    WebhookDelivery,
    WebhookEndpoint,
)
from notifications.webhooks.send_test import hello_event, record_test

router = APIRouter(tags=["webhooks"])

Owner = Annotated[Principal, requires("webhooks:write", "operator:write")]
DeliveryStatus = Annotated[str | None, Query(pattern="^(pending|delivered|failed)$")]


@router.get("/webhook-endpoints")
async def list_webhook_endpoints(reader: Read, page: PageQuery, principal: Owner) -> Page[WebhookEndpoint]:
    """The organization's endpoints; operators see those of all."""
    statement = select(endpoints).where(store.visible_to(_scope(principal)))
    return await page_of(reader, statement, page, order_by=[endpoints.c.id], convert=WebhookEndpoint.of)


@router.post("/webhook-endpoints", status_code=201, responses=problems(Invalid, TooManyEndpoints))
async def create_webhook_endpoint(
    tx: Tx, runtime: Run, body: CreateWebhookEndpoint, principal: Owner, response: Response
) -> NewWebhookEndpoint:
    """Add an endpoint. The answer holds its signing secret, which is never told again."""
    _check(runtime, url=body.url, event_types=body.event_types)
    scope = _scope(principal)
    wanted = Wanted(
        organization_id=body.organization_id if scope is None else scope,
        url=body.url,
        description=body.description,
        event_types=body.event_types,
        contact_email=normalize_email(principal.email) if principal.email else None,
        contact_locale=str(principal.claims.get("locale") or "en"),
    )
    row, secret = await create(tx, runtime.edges.seal, wanted=wanted, by=principal.actor)
    response.headers["Location"] = f"/api/v1/webhook-endpoints/{row.id}"
    response.headers["ETag"] = _etag(row)
    return NewWebhookEndpoint.with_secret(row, secret)


@router.get("/webhook-endpoints/{endpoint_id}", responses=problems(WebhookEndpointNotFound))
async def get_webhook_endpoint(reader: Read, endpoint_id: str, principal: Owner, response: Response) -> WebhookEndpoint:
    """One endpoint, without its secret."""
    row = await _endpoint(reader, endpoint_id, principal)
    response.headers["ETag"] = _etag(row)
    return WebhookEndpoint.of(row)


@router.patch(
    "/webhook-endpoints/{endpoint_id}", responses=problems(WebhookEndpointNotFound, PreconditionFailed, Invalid)
)
async def change_webhook_endpoint(
    request: Request,
    tx: Tx,
    runtime: Run,
    endpoint_id: str,
    body: ChangeWebhookEndpoint,
    principal: Owner,
    response: Response,
) -> WebhookEndpoint:
    """Change an endpoint, or switch it off and on. Switched on again it gets what waited, in order."""
    row = await _endpoint(tx, endpoint_id, principal, lock=True)
    check_if_match(request, _etag(row))
    _check(runtime, url=body.url, event_types=body.event_types)
    changed = await change(tx, endpoint=row, wanted=body.model_dump(exclude_unset=True, exclude_none=True))
    response.headers["ETag"] = _etag(changed)
    return WebhookEndpoint.of(changed)


@router.delete("/webhook-endpoints/{endpoint_id}", status_code=204, responses=problems(WebhookEndpointNotFound))
async def delete_webhook_endpoint(tx: Tx, endpoint_id: str, principal: Owner) -> None:
    """Remove an endpoint, with its deliveries."""
    row = await _endpoint(tx, endpoint_id, principal, lock=True)
    await tx.execute(endpoints.delete().where(endpoints.c.id == row.id))


@router.post("/webhook-endpoints/{endpoint_id}/rotate-secret", responses=problems(WebhookEndpointNotFound))
async def rotate_webhook_secret(tx: Tx, runtime: Run, endpoint_id: str, principal: Owner) -> NewWebhookEndpoint:
    """Get a new signing secret. For a day deliveries carry the signatures of both, so that you can change in peace."""
    row = await _endpoint(tx, endpoint_id, principal, lock=True)
    changed, secret = await rotate_secret(tx, runtime.edges.seal, endpoint=row)
    return NewWebhookEndpoint.with_secret(changed, secret)


@router.post("/webhook-endpoints/{endpoint_id}/test", responses=problems(WebhookEndpointNotFound))
async def test_webhook_endpoint(runtime: Run, endpoint_id: str, principal: Owner) -> WebhookDelivery:
    """Send a harmless event to the endpoint now, and answer how it was taken."""
    async with runtime.database.read() as reader:
        row = await _endpoint(reader, endpoint_id, principal)
    event = hello_event(row, runtime.clock.now())
    answer = await runtime.edges.postman.send(row, event_id=event.id, body=body_of(event))
    async with runtime.database.transaction() as tx:
        return WebhookDelivery.of(await record_test(tx, endpoint=row, event=event, answer=answer))


@router.get("/webhook-deliveries")
async def list_webhook_deliveries(
    reader: Read,
    page: PageQuery,
    principal: Owner,
    endpoint: Annotated[str | None, Query(description="The endpoint's id.")] = None,
    event_type: Annotated[str | None, Query(description="Such as `shop.order.paid.v1`.")] = None,
    status: DeliveryStatus = None,
) -> Page[WebhookDelivery]:
    """What was delivered, newest first, with the answers. Deliveries are kept for thirty days."""
    statement = select(deliveries).join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)
    statement = statement.where(store.visible_to(_scope(principal)))
    filters = {
        deliveries.c.endpoint_id: endpoint,
        deliveries.c.event_type: event_type,
        deliveries.c.status: status,
    }
    for column, wanted in filters.items():
        if wanted is not None:
            statement = statement.where(column == wanted)
    order_by = [deliveries.c.id]
    return await page_of(reader, statement, page, order_by=order_by, convert=WebhookDelivery.of, descending=True)


@router.get("/webhook-deliveries/{delivery_id}", responses=problems(WebhookDeliveryNotFound))
async def get_webhook_delivery(reader: Read, delivery_id: str, principal: Owner) -> WebhookDelivery:
    """One delivery, with the last answer."""
    return WebhookDelivery.of(await _delivery(reader, delivery_id, principal))


@router.post(
    "/webhook-deliveries/{delivery_id}/redeliver",
    status_code=202,
    responses=problems(WebhookDeliveryNotFound, DeliveryPending),
)
async def redeliver_webhook(tx: Tx, delivery_id: str, principal: Owner) -> WebhookDelivery:
    """Deliver an event once more, with the same `webhook-id`, behind what waits already."""
    return WebhookDelivery.of(await redeliver(tx, delivery=await _delivery(tx, delivery_id, principal)))


def _scope(principal: Principal) -> str | None:
    """The organization whose endpoints the caller has to do with; None for operators who may write: all of them.

    Whoever may see an endpoint here may change it, so the right to read everything is not enough.
    """
    return None if "operator:write" in principal.scopes else principal.organization


async def _endpoint(reader: Reader | Transaction, endpoint_id: str, principal: Principal, *, lock: bool = False) -> Any:
    row = await store.endpoint_of(reader, endpoint_id=endpoint_id, organization_id=_scope(principal), lock=lock)
    if row is None:
        raise WebhookEndpointNotFound()
    return row


async def _delivery(reader: Reader, delivery_id: str, principal: Principal) -> Any:
    row = await store.delivery_of(reader, delivery_id=delivery_id, organization_id=_scope(principal))
    if row is None:
        raise WebhookDeliveryNotFound()
    return row


def _etag(row: Any) -> str:
    return etag_of(row.id, row.updated_at.isoformat(), row.status, row.url, row.event_types)


def _check(runtime: Any, *, url: str | None, event_types: list[str] | None) -> None:
    errors = []
    if url is not None:
        policy = Policy.of(runtime.platform, allow_private=runtime.settings.webhook_allow_private)
        try:
            check_url(url, policy)
        except NotAllowed as refusal:
            errors.append(FieldError("/url", "url_not_allowed", str(refusal)))
    for place, event_type in enumerate(event_types or []):
        if not is_known_filter(event_type):
            detail = f"There is no event “{event_type}” that webhooks can deliver."
            errors.append(FieldError(f"/event_types/{place}", "unknown_event_type", detail))
    if errors:
        raise Invalid(errors=errors)
