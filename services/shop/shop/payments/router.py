"""What calls from outside: the payment provider, and the payer at the sandbox bank (absent in production)."""

from html import escape
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.http.app import API_PREFIX
from chassis.http.dependencies import Run
from chassis.http.problems import problems
from chassis.kernel.errors import NotFound, TooLarge
from chassis.ops.logging import get_logger
from shop.payments import store
from shop.payments.errors import CallbackNotAccepted, CallbackSenderNotFound
from shop.payments.provider import CallbackRefused, CallsBack
from shop.payments.providers.sandbox import SandboxProvider

log = get_logger(__name__)
callbacks = APIRouter(prefix="/payment-callbacks", tags=["payment callbacks"])
router = APIRouter(prefix="/sandbox/payment-actions", tags=["sandbox"])

LARGEST_CALLBACK = 1024 * 1024
SIGNED_BODY = {
    "parameters": [
        {
            "name": "Stripe-Signature",
            "in": "header",
            "required": True,
            "schema": {"type": "string"},
            "description": "Time and HMAC-SHA256 of time and body, by the secret shared with the provider.",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "description": "The provider's event."}}},
    },
}

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox bank</title></head><body><main>
<h1>Sandbox bank</h1><p>Confirm the payment {charge}?</p>
<form method="post" action="{path}/accept"><button>Confirm</button></form>
<form method="post" action="{path}/refuse"><button>Refuse</button></form></main></body></html>"""
HTML = {"text/html": {"schema": {"type": "string"}}}
POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class ActionNotFound(NotFound):
    """No payment waits for this confirmation."""

    code, title = "payment-action-not-found", "There is nothing to confirm"


@router.get(
    "/{charge_id}",
    operation_id="show_payment_action",
    response_class=Response,
    responses={200: {"content": HTML, "description": "The page."}, **problems(ActionNotFound)},
)
async def show_payment_action(run: Run, charge_id: str) -> HTMLResponse:
    """The page that a payer is sent to."""
    _sandbox(run)
    async with run.database.read() as reader:
        if not await store.waits_for_payer(reader, provider_charge=charge_id):
            raise ActionNotFound
    page = PAGE.format(charge=escape(charge_id), path=f"{API_PREFIX}{router.prefix}/{quote(charge_id, safe='')}")
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})


@router.post(
    "/{charge_id}/{answer}", operation_id="answer_payment_action", status_code=303, responses=problems(ActionNotFound)
)
async def answer_payment_action(run: Run, charge_id: str, answer: str) -> Response:
    """The payer's `accept` or `refuse`; the shop learns of it within a second."""
    key = await _sandbox(run).confirm(charge_id, accept=answer == "accept")
    if key is None:
        raise ActionNotFound
    async with run.database.transaction() as tx:
        await store.ask_now(tx, key)
    return RedirectResponse(f"{run.platform.public_url}/account/orders", status_code=303)


def _sandbox(run: Run) -> SandboxProvider:
    """The sandbox bank. Raises ActionNotFound where there is none, as in production."""
    provider = run.edges.providers.get("sandbox") if "sandbox" in run.edges.providers.names else None
    if not isinstance(provider, SandboxProvider):
        raise ActionNotFound
    return provider


@callbacks.post(
    "/{provider}",
    status_code=204,
    operation_id="receive_payment_callback",
    responses=problems(CallbackNotAccepted, CallbackSenderNotFound, TooLarge),
    openapi_extra=SIGNED_BODY,
)
async def receive_payment_callback(run: Run, request: Request, provider: str) -> None:
    """For the payment provider: something happened to a payment. No access token; the signature says who calls.

    The call is only a hint to ask the provider how the charge stands, so calls may come late, twice and in any order.
    """
    sender = run.edges.providers.get(provider) if provider in run.edges.providers.names else None
    if not isinstance(sender, CallsBack):
        raise CallbackSenderNotFound
    try:
        callback = sender.read_callback(body=await _body(request), headers=request.headers)
    except CallbackRefused as refusal:
        log.warning("payment.callback_refused", provider=provider)
        raise CallbackNotAccepted from refusal
    async with run.database.transaction(actor=f"provider:{provider}") as tx:
        inbox = run.database.tables.inbox
        is_new = await store.is_new_callback(tx, inbox, provider=provider, callback_id=callback.id)
        if is_new and callback.key is not None:
            await store.ask_now(tx, callback.key)
    log.info("payment.callback", provider=provider, type=callback.type, is_new=is_new)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_CALLBACK:
            raise TooLarge("A callback may have 1 MiB at most.")
    return bytes(body)
