"""Uploading an export of the legacy shop and what the import says about it."""

import json

from tests.harness.service import RunningService
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import every, upload

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())


async def test_the_sample_export_is_imported_and_checked_for_its_transfer_date(shop: RunningService):
    imported = await upload(shop, transfer_on="2027-02-23")

    assert imported["summary"] == EXPECTED["summary"]
    assert imported["changed"]["customers"]["added"] == 40

    findings = await every(shop, f"/transfer-imports/{imported['id']}/findings")
    places = [(f["file"], f["line"], f["column"], f["code"], f["key"]) for f in findings]
    assert sorted(places) == sorted(
        (f["file"], f["line"], f["column"], f["code"], f["key"]) for f in EXPECTED["findings"]
    )
