"""`python -m shop import`: the same import for exports that lie on the server."""

from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest

from shop.transfers.command import import_export
from shop.transfers.errors import UploadRefused
from tests.harness.eventually import eventually
from tests.harness.service import RunningService
from tests.shop.transfers.steps import FIRST_EXPORT, carried_through, files_of, zipped


def options(export: Path) -> Namespace:
    return Namespace(
        export=export, source="canonical", exported_on=date(2027, 2, 5), transfer_on=None, product_map=None
    )


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
