"""What operators do in the tests: upload an export, plan a wave, and what the shop then does by itself."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.shop.transfers.in_memory import SAMPLES

FIRST_EXPORT = SAMPLES / "first-export"


def zipped(files: dict[str, bytes], folder: str = "export/2027") -> bytes:
    """A zip of these files, somewhere inside it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}/{name}", content)
    return buffer.getvalue()


def files_of(directory: Path = FIRST_EXPORT) -> dict[str, bytes]:
    """The files of an export."""
    return {path.name: path.read_bytes() for path in directory.iterdir()}


async def upload(shop: RunningService, files: dict[str, bytes] | None = None, **fields: str) -> dict[str, Any]:
    """Upload an export and wait until it has been carried through; the import."""
    bundle = zipped(files_of() if files is None else files)
    async with shop.operator() as operator:
        answer = await operator.post(
            "/api/v1/transfer-imports",
            files={"bundle": ("export.zip", bundle, "application/zip")},
            data={"source": "canonical", "exported_on": "2027-02-05", **fields},
        )
        assert answer.status_code == 202, answer.text
        return await carried_through(shop, answer.json()["id"])


async def carried_through(shop: RunningService, import_id: str) -> dict[str, Any]:
    """The import once it is done."""

    async def done() -> dict[str, Any] | None:
        found = await get(shop, f"/transfer-imports/{import_id}")
        return found if found["finished_at"] else None

    found = await eventually(done, within=60)
    assert found["state"] == "completed", found["error"]
    return found


async def get(shop: RunningService, path: str, **params: Any) -> Any:
    """What an operator reads."""
    async with shop.operator() as operator:
        answer = await operator.get(f"/api/v1{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def post(shop: RunningService, path: str, body: Any = None, status: int = 200) -> Any:
    """What an operator does."""
    async with shop.operator() as operator:
        answer = await operator.post(f"/api/v1{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


async def every(shop: RunningService, path: str, **params: Any) -> list[Any]:
    """Every item of a list, page by page."""
    items: list[Any] = []
    cursor = None
    while True:
        page = await get(shop, path, limit=200, **params, **({"cursor": cursor} if cursor else {}))
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


async def a_wave(shop: RunningService, customers: Any, transfer_on: str = "2027-02-23", name: str = "Wave") -> Any:
    """A draft wave."""
    wanted = {"name": name, "transfer_on": transfer_on, "customers": customers}
    return await post(shop, "/transfer-waves", wanted, status=201)


async def transfer_of(shop: RunningService, wave_id: str, legacy_id: str) -> dict[str, Any]:
    """The transfer of one customer in a wave."""
    found = await get(shop, "/transfers", wave=wave_id, customer=legacy_id)
    return found["items"][0]


async def told(shop: RunningService, event_type: str, count: int) -> list[dict[str, Any]]:
    """The events of a type, once there are `count` of them; more are an error."""

    async def enough() -> list[dict[str, Any]] | None:
        await shop.work()
        found = await shop.published(event_type)
        assert len(found) <= count, found
        return found if len(found) == count else None

    return await eventually(enough) if count else await shop.published(event_type)


async def at(shop: RunningService, instant: datetime) -> None:
    """Set the clock and have everything done that is due by then, whoever does it."""
    shop.clock.set(instant)
    await settled(shop)


async def settled(shop: RunningService) -> None:
    """Nothing of the transfer is due any more."""

    async def nothing_due() -> bool:
        await shop.work()
        async with shop.runtime.database.read() as reader:
            due = await reader.first(
                text(
                    "SELECT 1 FROM transfers t JOIN transfer_waves w ON w.id = t.wave_id"
                    " WHERE t.next_at <= :now AND w.state IN ('scheduled', 'running', 'completed', 'cancelled')"
                ),
                {"now": shop.clock.now()},
            )
        return due is None

    await eventually(nothing_due)
