"""The sandbox bank's page for payments that the payer has to confirm. Absent in production."""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.http.dependencies import Run
from chassis.http.problems import problems
from chassis.kernel.errors import NotFound
from shop.payments import store
from shop.payments.providers.sandbox import SandboxProvider

router = APIRouter(prefix="/sandbox/payment-actions", tags=["sandbox"])

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox bank</title></head><body><main>
<h1>Sandbox bank</h1><p>Confirm the payment {charge}?</p>
<form method="post" action="{charge}/accept"><button>Confirm</button></form>
<form method="post" action="{charge}/refuse"><button>Refuse</button></form></main></body></html>"""


class ActionNotFound(NotFound):
    """No payment waits for this confirmation."""

    code, title = "payment-action-not-found", "There is nothing to confirm"


@router.get("/{charge_id}", operation_id="show_payment_action", response_class=HTMLResponse)
async def show_payment_action(charge_id: str) -> HTMLResponse:
    """The page that a payer is sent to."""
    return HTMLResponse(PAGE.format(charge=escape(charge_id)))


@router.post(
    "/{charge_id}/{answer}", operation_id="answer_payment_action", status_code=303, responses=problems(ActionNotFound)
)
async def answer_payment_action(run: Run, charge_id: str, answer: str) -> Response:
    """The payer's `accept` or `refuse`; the shop learns of it within a second."""
    provider = run.edges.providers.get("sandbox") if "sandbox" in run.edges.providers.names else None
    if not isinstance(provider, SandboxProvider):
        raise ActionNotFound
    key = await provider.confirm(charge_id, accept=answer == "accept")
    if key is None:
        raise ActionNotFound
    async with run.database.transaction() as tx:
        await store.ask_now(tx, key)
    return RedirectResponse(f"{run.platform.public_url}/account/orders", status_code=303)
