"""`/licenses`: My licenses, the overview of an organization's licenses."""

from typing import Any

from starlette.responses import Response

from gateway.pages.visit import Here, portal_router

router = portal_router()

LIVE = frozenset({"active", "grace", "scheduled", "suspended"})


@router.get("/licenses")
async def show_licenses(visit: Here, show: str = "active") -> Response:
    """Every license in use: product, term, quantity, free seats, subscription and invoice numbers."""
    licenses = await visit.all("/licenses")
    live = [item for item in licenses if item.get("status") in LIVE]
    chosen = licenses if show == "all" else live
    return await visit.page(
        "licenses/list.html",
        licenses=sorted(chosen, key=_order),
        waiting=sum(seats_waiting(item) for item in live),
        has_ended=len(live) < len(licenses),
        shows_all=show == "all",
        may_change=visit.may("licenses:write"),
    )


@router.get("/licenses/report.csv")
async def download_report(visit: Here) -> Response:
    """The use of every seat, for spreadsheets."""
    return await visit.table("/reports/seat-usage", name="seat-usage")


def seats_waiting(license_: dict[str, Any]) -> int:
    """Seats nobody holds yet, of a license that gives access to named people."""
    return 0 if license_.get("origin") == "one_off" else int(license_.get("free") or 0)


def _order(license_: dict[str, Any]) -> tuple[bool, str, str]:
    term = license_.get("term") or {}
    return license_.get("status") not in LIVE, str(term.get("last_day") or "9999"), str(license_.get("id"))
