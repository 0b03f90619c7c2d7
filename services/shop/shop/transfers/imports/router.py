"""Routes of imports, for operators."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, requires
from chassis.http.pages import Page, PageQuery
from chassis.http.problems import problems
from chassis.kernel.ids import new_id
from shop.transfers.csv_answers import csv_answer, wants_csv
from shop.transfers.errors import ImportNotFound, UploadRefused, UploadTooLarge
from shop.transfers.imports import queries
from shop.transfers.imports.receive import received
from shop.transfers.imports.register import refuse_incomplete, register
from shop.transfers.imports.schemas import ImportChange, ImportFinding, TransferImport
from shop.transfers.imports.unpack import bundle_in
from shop.transfers.places import uploads_of

router = APIRouter(prefix="/transfer-imports", tags=["transfer"])

Operator = Annotated[Principal, requires("operator:write")]
Reading = Annotated[Principal, requires("operator:read", "operator:write")]

UPLOAD_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["bundle"],
                    "properties": {
                        "bundle": {
                            "type": "array",
                            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                            "description": "A zip of the export, or its CSV files one by one. 1 GiB at most.",
                        },
                        "source": {
                            "type": "string",
                            "enum": ["canonical", "woocommerce"],
                            "default": "canonical",
                        },
                        "exported_on": {
                            "type": "string",
                            "format": "date",
                            "description": "The day of the export; default: the business date.",
                        },
                        "transfer_on": {
                            "type": "string",
                            "format": "date",
                            "description": "The provisional transfer day of the first check; default: two"
                            " weeks after the export.",
                        },
                        "product_map": {
                            "type": "string",
                            "description": "JSON object from the legacy shop's product ids to our codes.",
                        },
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=202,
    response_model=TransferImport,
    openapi_extra=UPLOAD_FORM,
    responses=problems(UploadRefused, UploadTooLarge),
)
async def import_export(principal: Operator, runtime: Run, request: Request, response: Response) -> TransferImport:
    """Upload an export of the legacy shop. Nothing a customer sees changes.

    A missing file or column refuses the whole upload with the list of what is missing. What was accepted is
    read, compared with the import before and checked in the background: follow `state` and `progress`.
    Importing the same export again changes nothing.
    """
    import_id = new_id("imp")
    folder = uploads_of(runtime) / import_id
    async with received(request, folder=folder, today=runtime.clock.now().date()) as arrived:
        bundle = bundle_in(arrived.folder)
        refuse_incomplete(arrived.upload, bundle)
        async with runtime.database.transaction(actor=principal.actor) as tx:
            await register(tx, import_id=import_id, upload=arrived.upload, bundle=bundle)
            shown = await queries.get(tx, import_id)
    response.headers["Location"] = f"/api/v1/transfer-imports/{import_id}"
    return shown


@router.get("", response_model=Page[TransferImport])
async def list_imports(principal: Reading, reader: Read, params: PageQuery) -> Page[TransferImport]:
    """The imports, the newest first."""
    return await queries.page(reader, params)


@router.get("/{import_id}", response_model=TransferImport, responses=problems(ImportNotFound))
async def get_import(principal: Reading, reader: Read, import_id: str) -> TransferImport:
    """One import: its progress while it runs, then what changed and the summary of the first check."""
    return await queries.get(reader, import_id)


@router.get(
    "/{import_id}/findings",
    response_model=Page[ImportFinding],
    responses={
        **problems(ImportNotFound),
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    },
)
async def list_findings(
    principal: Reading,
    runtime: Run,
    request: Request,
    import_id: str,
    params: PageQuery,
    file: Annotated[str | None, Query(description="Only findings in this file.")] = None,
    code: Annotated[str | None, Query(description="Only findings with this code.")] = None,
    level: Annotated[Literal["blocker", "warning"] | None, Query()] = None,
    customer: Annotated[str | None, Query(description="Only findings about this customer.")] = None,
) -> Page[ImportFinding] | StreamingResponse:
    """Everything that was noticed, by file and line; with `Accept: text/csv` all of it as CSV."""
    wanted = queries.FindingFilter(file=file, code=code, level=level, customer=customer)
    async with runtime.database.read() as reader:
        first = await queries.findings_page(reader, import_id, wanted, params)
    if not wants_csv(request):
        return first
    columns = list(ImportFinding.model_fields)
    rows = (
        [getattr(found, column) for column in columns]
        async for found in queries.every_finding(runtime.database, import_id, wanted)
    )
    return csv_answer(columns, rows, filename=f"findings-{import_id}.csv")


@router.get("/{import_id}/changes", response_model=Page[ImportChange], responses=problems(ImportNotFound))
async def list_import_changes(
    principal: Reading, reader: Read, import_id: str, params: PageQuery
) -> Page[ImportChange]:
    """What this export says differently from the one before, record by record."""
    return await queries.changes_page(reader, import_id, params)
