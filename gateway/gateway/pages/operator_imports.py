"""`/operator/transfers/imports`: exports of the old shop, what was found in them, what changed."""

from typing import Any

import aiohttp
from starlette.datastructures import UploadFile
from starlette.responses import Response

from gateway.pages.operator_pages import operator_page, refuse_others
from gateway.pages.refusals import Refusal
from gateway.pages.visit import Form, Glance, Here, Visit, items_of, portal_router

router = portal_router()

PATH = "/operator/transfers/imports"
FIELDS = ("source", "exported_on", "transfer_on", "product_map")
REFUSED_FOR = ("missing_file", "missing_column", "duplicate_file", "unreadable_archive", "invalid_day", "invalid_json")
PER_PAGE = 100


@router.get(PATH)
async def show_imports(visit: Here, cursor: str = "") -> Response:
    """The imports so far, and the form for the next one."""
    return await _list(visit, cursor=cursor)


@router.post(PATH)
async def upload(visit: Here) -> Response:
    """Import an export: a zip or its CSV files. Nothing a customer sees changes."""
    refuse_others(visit)
    form = await visit.form()
    bundle = aiohttp.FormData()
    files = [part for part in form.data.getlist("bundle") if isinstance(part, UploadFile) and part.filename]
    if not files:
        return await _list(visit, status=422, errors={"bundle": visit.t("imports.no_file")}, form=form)
    for file in files:
        bundle.add_field("bundle", file.file, filename=file.filename, content_type="application/octet-stream")
    for name, value in form.given(*FIELDS).items():
        bundle.add_field(name, value)
    try:
        made = await visit.upload("/transfer-imports", bundle)
    except Refusal as refusal:
        if not refusal.is_about_input:
            raise
        errors = {"": visit.site.sentence_of(refusal.code, refusal.detail)}
        return await _list(visit, status=refusal.status, errors=errors, missing=refusal.fields, form=form)
    return visit.redirect(f"{PATH}/{made['id']}", "imports.received")


@router.get(PATH + "/{import_id}")
async def show_import(visit: Here, import_id: str, level: str = "", code: str = "", cursor: str = "") -> Response:
    """One import: its progress, the first dry run, and every finding by file and line."""
    refuse_others(visit)
    made = await visit.get(f"/transfer-imports/{import_id}")
    wanted = {"level": level or None, "code": code or None, "cursor": cursor or None}
    found = await visit.find(f"/transfer-imports/{import_id}/findings", limit=PER_PAGE, **wanted) or {}
    return await operator_page(
        visit,
        "import.html",
        made=made,
        findings=items_of(found),
        next_cursor=found.get("next_cursor"),
        cursor=cursor,
        level=level,
        code=code,
        code_options=[(name, name) for name in sorted((made.get("summary") or {}).get("findings", {}))],
    )


@router.get(PATH + "/{import_id}/changes")
async def show_changes(visit: Here, import_id: str, cursor: str = "") -> Response:
    """What the old shop says differently since the import before, record by record."""
    refuse_others(visit)
    made = await visit.get(f"/transfer-imports/{import_id}")
    page = await visit.get(f"/transfer-imports/{import_id}/changes", limit=PER_PAGE, cursor=cursor or None)
    return await operator_page(
        visit,
        "import_changes.html",
        made=made,
        changes=items_of(page),
        next_cursor=page.get("next_cursor"),
        cursor=cursor,
    )


@router.get(PATH + "/{import_id}/progress")
async def show_progress(visit: Glance, import_id: str) -> Response:
    """How far the import has come, for the page that watches it."""
    refuse_others(visit)
    made = await visit.get(f"/transfer-imports/{import_id}")
    return visit.site.fragment(visit.request, "operator/import_progress.html", made=made, visit=visit)


@router.get(PATH + "/{import_id}/findings.csv")
async def download_findings(visit: Here, import_id: str) -> Response:
    """Every finding, for spreadsheets."""
    return await visit.table(f"/transfer-imports/{import_id}/findings", name=f"findings-{import_id}")


async def _list(visit: Visit, *, status: int = 200, form: Form | None = None, **context: Any) -> Response:
    refuse_others(visit)
    cursor = context.pop("cursor", "")
    page = await visit.get("/transfer-imports", limit=20, cursor=cursor or None)
    values = {"source": "canonical", "exported_on": "", "transfer_on": "", "product_map": ""}
    return await operator_page(
        visit,
        "imports.html",
        status=status,
        imports=items_of(page),
        next_cursor=page.get("next_cursor"),
        cursor=cursor,
        fields=form.values(*FIELDS) if form else values,
        words={code: visit.t(f"field_error.{code}") for code in REFUSED_FOR},
        **{"errors": {}, "missing": [], **context},
    )
