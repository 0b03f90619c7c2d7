"""Planning a wave: who is in it, what the dry run says."""

import json

from tests.harness.service import RunningService
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import a_wave, every, get, post, upload

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())


async def test_the_dry_run_of_everybody_says_what_is_expected_of_each(shop: RunningService):
    await upload(shop)
    wave = await a_wave(shop, list(EXPECTED["customers"]))

    checked = await post(shop, f"/transfer-waves/{wave['id']}/check")

    wanted = json.loads(json.dumps(EXPECTED["summary"]))
    wanted["orders"]["total"] -= 1
    wanted["orders"]["stays"]["order_of_nothing_moved"] -= 1
    for only_of_the_files in ("duplicate_id", "duplicate_row", "orphan_order", "orphan_order_line"):
        wanted["findings"].pop(only_of_the_files)
    assert checked["summary"] == wanted
    assert all(side["is_equal"] for side in checked["money"])
    by_id = {c["legacy_id"]: c for c in checked["customers"]}
    for known, expected in EXPECTED["customers"].items():
        customer = by_id[known]
        assert customer["outcome"] == expected["outcome"], known
        assert [c["code"] for c in customer["codes"]] == expected["codes"]
        assert [c["code"] for c in customer["warnings"]] == expected["warnings"]
    again = await post(shop, f"/transfer-waves/{wave['id']}/check")
    assert again["summary"] == checked["summary"]
    listed = await every(shop, f"/transfer-waves/{wave['id']}/customers")
    assert listed == checked["customers"]
    assert (await get(shop, f"/transfer-waves/{wave['id']}"))["state"] == "draft"
    for customer in by_id.values():
        for subscription in customer["subscriptions"]:
            if subscription["outcome"] == "moves":
                assert subscription["before"] == subscription["after"]
