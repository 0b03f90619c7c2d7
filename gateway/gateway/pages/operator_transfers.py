"""`/operator/transfers`: the desk from which the move is run, and one customer's transfer with its story."""

from typing import Any

from starlette.responses import Response

from gateway.pages.operator_pages import operator_page, refuse_others
from gateway.pages.refusals import Refusal
from gateway.pages.visit import Here, Visit, items_of, portal_router

router = portal_router()

PATH = "/operator/transfers"
PER_PAGE = 50


@router.get(PATH)
async def show_overview(visit: Here) -> Response:
    """Where the move stands: the waves under way, the customers that need a person, the last imports."""
    refuse_others(visit)
    waves = items_of(await visit.get("/transfer-waves", limit=20))
    failed = items_of(await visit.get("/transfers", state="failed", limit=20))
    held = items_of(await visit.get("/transfers", state="held", limit=20))
    imports = items_of(await visit.get("/transfer-imports", limit=3))
    renewals = items_of(await visit.get("/subscriptions", status="held", limit=20))
    return await operator_page(
        visit, "overview.html", waves=waves, troubled=failed + held, renewals=renewals, imports=imports
    )


@router.get(PATH + "/customers")
async def show_customers(
    visit: Here, search: str = "", outcome: str = "", code: str = "", is_free: str = "", cursor: str = ""
) -> Response:
    """The customers of the old shop as its last export tells of them."""
    refuse_others(visit)
    wanted = {"search": search, "outcome": outcome, "code": code, "is_free": is_free, "cursor": cursor}
    page = await visit.get(
        "/legacy-customers", limit=PER_PAGE, **{name: value or None for name, value in wanted.items()}
    )
    return await operator_page(
        visit, "customers.html", customers=items_of(page), next_cursor=page.get("next_cursor"), **wanted
    )


@router.get(PATH + "/customers/{legacy_id}")
async def show_customer(visit: Here, legacy_id: str) -> Response:
    """The dry run of one customer: what would move today, what would stay and why."""
    refuse_others(visit)
    customer = await visit.get(f"/legacy-customers/{legacy_id}")
    transfers = items_of(await visit.get("/transfers", customer=legacy_id))
    return await operator_page(visit, "customer.html", customer=customer, transfers=transfers)


@router.get(PATH + "/{transfer_id}")
async def show_transfer(visit: Here, transfer_id: str) -> Response:
    """One customer's move: its state, everything that happened, and what can be done."""
    return await _page(visit, transfer_id)


@router.post(PATH + "/{transfer_id}/release-renewal")
async def release_renewal(visit: Here, transfer_id: str) -> Response:
    """Have a held first renewal charged: as it was promised, or as it stands."""
    form = await visit.form()
    body = {"charge": form["charge"]}
    try:
        await visit.send("POST", f"/subscriptions/{form['subscription_id']}/release", body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, transfer_id, status=refusal.status, errors=refusal.errors(visit.site))
    return visit.redirect(f"{PATH}/{transfer_id}", "transfers.renewal_released")


@router.post(PATH + "/{transfer_id}/{verb}")
async def act(visit: Here, transfer_id: str, verb: str) -> Response:
    """Retry, postpone or put back."""
    form = await visit.form()
    fields = {"retry": (), "postpone": ("transfer_on", "reason"), "roll-back": ("reason",)}
    if verb not in fields:
        return visit.redirect(f"{PATH}/{transfer_id}")
    body = form.given(*fields[verb]) or None
    try:
        await visit.send("POST", f"/transfers/{transfer_id}/{verb}", body, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        return await _page(visit, transfer_id, status=refusal.status, errors=refusal.errors(visit.site))
    return visit.redirect(f"{PATH}/{transfer_id}", "transfers.done")


async def _page(visit: Visit, transfer_id: str, *, status: int = 200, **context: Any) -> Response:
    refuse_others(visit)
    transfer = await visit.get(f"/transfers/{transfer_id}")
    mails = items_of(await visit.find("/messages", correlation=f"transfer:{transfer_id}", limit=50))
    return await operator_page(
        visit,
        "transfer.html",
        status=status,
        transfer=transfer,
        mails=mails,
        held=await _held_renewals(visit, transfer),
        **{"errors": {}, **context},
    )


async def _held_renewals(visit: Visit, transfer: dict[str, Any]) -> list[Any]:
    if transfer["transferred_at"] is None:
        return []
    return items_of(
        await visit.find("/subscriptions", organization=transfer["organization_id"], status="held", limit=100)
    )
