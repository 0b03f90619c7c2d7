"""`/licenses/{id}/history`: who did what to a license and its seats, and when."""

from starlette.responses import Response

from gateway.pages.visit import Here, items_of, portal_router

router = portal_router()

PER_PAGE = 50
PATH = "/licenses/{license_id}/history"


@router.get(PATH)
async def show_history(visit: Here, license_id: str, cursor: str = "") -> Response:
    """What was done, newest first."""
    license_ = await visit.get(f"/licenses/{license_id}")
    found = await visit.get(f"/licenses/{license_id}/history", limit=PER_PAGE, cursor=cursor or None)
    return await visit.page(
        "licenses/history.html",
        license=license_,
        entries=items_of(found),
        next_cursor=found.get("next_cursor"),
        cursor=cursor,
    )


@router.get(PATH + ".csv")
async def download_history(visit: Here, license_id: str) -> Response:
    """All of it, for spreadsheets."""
    return await visit.table(f"/licenses/{license_id}/history", name=f"history-{license_id}")
