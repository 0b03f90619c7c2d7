"""`python -m shop import`: the same import for exports that lie on the server, as the process that operators start."""

import asyncio
import json
import os
import sys
from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest

from shop.main import service
from shop.transfers.command import import_export
from shop.transfers.errors import UploadRefused
from tests.harness.eventually import eventually
from tests.harness.servers import Databases
from tests.harness.service import RunningService
from tests.shop.transfers.steps import FIRST_EXPORT, carried_through, files_of, get, zipped


def options(export: Path) -> Namespace:
    return Namespace(
        export=export, source="canonical", exported_on=date(2027, 2, 5), transfer_on=None, product_map=None
    )


async def imported(url: str, data_dir: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command as operators do; exit code, output, errors."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHOP_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shop",
        "import",
        *arguments,
        env={**environment, "PROFILE": "test", "SHOP_DATABASE_URL": url, "DATA_DIR": str(data_dir)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, errors = await asyncio.wait_for(process.communicate(), 240)
    return process.returncode or 0, said.decode(), errors.decode()


def result_in(said: str) -> dict[str, object]:
    """The import as the command prints it at the end."""
    return json.loads(said[said.index("\n{\n") if "\n{\n" in said else 0 :])


async def test_a_zip_is_imported_by_the_command_while_the_server_runs(shop: RunningService, tmp_path: Path):
    export = tmp_path / "export.zip"
    export.write_bytes(zipped(files_of()))
    url, data_dir = shop.runtime.settings.database_url, shop.runtime.platform.data_dir

    code, said, errors = await imported(url, data_dir, str(export), "--exported-on", "2027-02-05")

    assert code == 0, errors
    done = result_in(said)
    assert done["state"] == "completed"
    shown = await get(shop, f"/transfer-imports/{done['id']}")
    assert shown["summary"] == done["summary"]
    assert shown["summary"]["customers"]["total"] == 40
    assert (await get(shop, "/legacy-customers", search="C10017"))["items"][0]["outcome"] == "moves"
    assert list((data_dir / "transfer-imports").iterdir()) == []


async def test_a_directory_is_imported_by_the_command_alone_and_a_second_time_changes_nothing(
    databases: Databases, tmp_path: Path
):
    url = await databases.fresh(service)

    code, said, errors = await imported(url, tmp_path, str(FIRST_EXPORT), "--exported-on", "2027-02-05")
    again, said_again, _ = await imported(url, tmp_path, str(FIRST_EXPORT), "--exported-on", "2027-02-05")

    assert (code, again) == (0, 0), errors
    first, second = result_in(said), result_in(said_again)
    assert first["summary"]["customers"]["total"] == 40  # type: ignore[index]
    assert second["summary"] == first["summary"]
    assert second["changed"]["customers"] == {  # type: ignore[index]
        "added": 0, "older": 0, "absent": 0, "changed": 0, "unchanged": 40, "moved_already": 0,
    }  # fmt: skip


async def test_what_cannot_be_imported_is_said_and_the_command_fails(databases: Databases, tmp_path: Path):
    url = await databases.fresh(service)
    incomplete = tmp_path / "incomplete"
    incomplete.mkdir()
    (incomplete / "customers.csv").write_bytes(files_of()["customers.csv"])

    code, said, _ = await imported(url, tmp_path, str(incomplete))
    nowhere, _, errors = await imported(url, tmp_path, str(tmp_path / "nowhere.zip"))
    no_map = tmp_path / "map.json"
    no_map.write_text("[1]")
    unmapped, _, complaint = await imported(url, tmp_path, str(incomplete), "--product-map", str(no_map))

    assert code == 1
    assert "/bundle/subscriptions.csv: The file subscriptions.csv is missing." in said
    assert nowhere == 2
    assert "nowhere.zip" in errors
    assert unmapped == 2
    assert "the product map is no JSON object" in complaint
    assert "Traceback" not in errors + complaint


@pytest.mark.parametrize("is_zip", [True, False])
async def test_a_zip_or_a_directory_is_imported(shop: RunningService, tmp_path: Path, is_zip: bool):
    export = FIRST_EXPORT
    if is_zip:
        export = tmp_path / "export.zip"
        export.write_bytes(zipped(files_of()))

    import_id = await import_export(shop.runtime, options(export))

    assert (await carried_through(shop, import_id))["summary"]["customers"]["total"] == 40


async def test_an_incomplete_export_is_refused_and_leaves_nothing_behind(shop: RunningService, tmp_path: Path):
    (tmp_path / "customers.csv").write_bytes(files_of()["customers.csv"])

    with pytest.raises(UploadRefused) as refused:
        await import_export(shop.runtime, options(tmp_path))

    assert len(refused.value.errors) == 5
    uploads = shop.runtime.platform.data_dir / "transfer-imports"
    await eventually(lambda: list(uploads.iterdir()) == [])
