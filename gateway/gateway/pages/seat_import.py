"""`/licenses/{id}/assignments/import`: seats for everybody in a table, with days of their own."""

import aiohttp
from starlette.datastructures import UploadFile
from starlette.responses import Response

from gateway.pages.refusals import Refusal
from gateway.pages.seats import results_of, seats_page
from gateway.pages.visit import Here, portal_router

router = portal_router()


@router.post("/licenses/{license_id}/assignments/import")
async def assign_from_file(visit: Here, license_id: str) -> Response:
    """Assign a seat to each row of a CSV file; the page says for every one what came of it."""
    form = await visit.form()
    file = form.data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        errors = {"file": visit.t("seats.no_file")}
        return await seats_page(visit, license_id, status=422, errors=errors)
    table = aiohttp.FormData()
    table.add_field("file", file.file, filename=file.filename, content_type="text/csv")
    table.add_field("notify", "true" if form["notify"] == "yes" else "false")
    try:
        path = f"/licenses/{license_id}/assignments/import"
        answer = await visit.upload(path, table, key=form["idempotency_key"])
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = {"file": " ".join(refusal.errors(visit.site).values())}
        return await seats_page(visit, license_id, status=refusal.status, errors=errors)
    return await seats_page(visit, license_id, results=results_of(answer))
