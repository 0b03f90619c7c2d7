"""Reading a multipart upload from the network onto the disk, never into memory."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from chassis.kernel.errors import FieldError, Malformed
from shop.transfers.errors import UploadRefused, UploadTooLarge
from shop.transfers.imports.product_map import product_map_in
from shop.transfers.imports.register import NOTICE, Upload
from shop.transfers.imports.unpack import unpack
from shop.transfers.legacy_shops.known import SOURCES
from shop.transfers.rules.values import day

LARGEST_UPLOAD = 1024**3
ROOM_FOR_FIELDS = 1024**2
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Received:
    """An upload on disk, and what was said about it."""

    upload: Upload
    folder: Path


@asynccontextmanager
async def received(request: Request, *, folder: Path, today: date) -> AsyncIterator[Received]:
    """The upload of a request, unpacked into `folder`; on any error inside the block the folder goes away.

    Raises UploadTooLarge, UploadRefused, and Malformed for what is no multipart form.
    """
    form = await _form(request)
    try:
        upload = _described(form, today)
        await asyncio.to_thread(folder.mkdir, parents=True)
        try:
            for part in _files(form):
                await asyncio.to_thread(unpack, part.file, part.filename or "", folder)
            yield Received(upload, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    finally:
        await form.close()


async def _form(request: Request) -> FormData:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Malformed("Send the export as multipart/form-data with a part called `bundle`.")
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > LARGEST_UPLOAD + ROOM_FOR_FIELDS:
        raise UploadTooLarge("An upload may have one gibibyte at most.")
    parser = MultiPartParser(request.headers, _limited(request), max_files=MOST_FILES, max_fields=MOST_FILES)
    try:
        return await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise Malformed("The multipart form cannot be read.") from error


async def _limited(request: Request) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_UPLOAD + ROOM_FOR_FIELDS:
            raise UploadTooLarge("An upload may have one gibibyte at most.")
        yield chunk


def _files(form: FormData) -> list[UploadFile]:
    files = [part for part in form.getlist("bundle") if isinstance(part, UploadFile)]
    if not files:
        detail = "Send the export as a file in the part `bundle`: a zip, or the CSV files one by one."
        raise UploadRefused([FieldError("/bundle", "missing", detail)])
    return files


def _described(form: FormData, today: date) -> Upload:
    errors: list[FieldError] = []
    source = str(form.get("source") or "canonical")
    if source not in SOURCES:
        errors.append(FieldError("/source", "unknown_source", f"The source is one of {', '.join(SOURCES)}."))
    exported_on = _day(form, "exported_on", today, errors)
    transfer_on = _day(form, "transfer_on", exported_on + NOTICE, errors)
    product_map = _product_map(form, errors)
    if errors:
        raise UploadRefused(errors)
    return Upload(source, exported_on, transfer_on, product_map)


def _day(form: FormData, name: str, default: date, errors: list[FieldError]) -> date:
    given = str(form.get(name) or "").strip()
    if not given:
        return default
    if (found := day(given)) is not None:
        return found
    errors.append(FieldError(f"/{name}", "invalid_day", "This is not a day in the form YYYY-MM-DD."))
    return default


def _product_map(form: FormData, errors: list[FieldError]) -> dict[str, str]:
    try:
        return product_map_in(str(form.get("product_map") or ""))
    except ValueError:
        detail = "This is not a JSON object from the legacy shop's product ids to our product codes."
        errors.append(FieldError("/product_map", "invalid_json", detail))
        return {}
