"""Planning a wave: who is in it, what the dry run says, who may do what."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from chassis.http.pages import encode_cursor
from tests.harness.service import NOW, RunningService
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import a_wave, every, get, post, upload

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())
ONLY_OF_THE_FILES = ("duplicate_id", "duplicate_row", "orphan_order", "orphan_order_line")


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def imported(shop: RunningService) -> None:
    """The sample export, and the clock back on its day."""
    shop.clock.set(NOW)
    if not (await get(shop, "/legacy-customers"))["items"]:
        await upload(shop)


async def test_the_dry_run_of_everybody_says_what_is_expected_of_each(shop: RunningService):
    wave = await a_wave(shop, list(EXPECTED["customers"]))

    checked = await post(shop, f"/transfer-waves/{wave['id']}/check")

    wanted = json.loads(json.dumps(EXPECTED["summary"]))
    wanted["orders"]["total"] -= 1
    wanted["orders"]["stays"]["order_of_nothing_moved"] -= 1
    for code in ONLY_OF_THE_FILES:
        wanted["findings"].pop(code)
    assert checked["summary"] == wanted
    assert all(side["is_equal"] for side in checked["money"])
    by_id = {customer["legacy_id"]: customer for customer in checked["customers"]}
    for known, expected in EXPECTED["customers"].items():
        customer = by_id[known]
        codes = [[reason["code"] for reason in customer[kind]] for kind in ("codes", "warnings")]
        assert [customer["outcome"], *codes] == [expected["outcome"], expected["codes"], expected["warnings"]]
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_the_dry_run_tells_the_next_charge_before_and_after_and_changes_nothing(shop: RunningService):
    wave = await a_wave(shop, ["C10031", "C10001"])

    checked = await post(shop, f"/transfer-waves/{wave['id']}/check")
    again = await post(shop, f"/transfer-waves/{wave['id']}/check")

    assert again["summary"] == checked["summary"]
    moving, blocked = checked["customers"]
    charge = {
        "on": "2027-02-28",
        "amount": {"amount": 6150, "currency": "EUR"},
        "payment_method": "cartes_bancaires …6132",
    }
    assert moving["subscriptions"][0]["before"] == moving["subscriptions"][0]["after"] == charge
    assert moving["subscriptions"][0]["renewal_after_that"] == "2027-03-31"
    assert blocked["codes"] == [
        {"code": "missing_email", "detail": "The customer has no e-mail address.", "who_acts": "customer"}
    ]
    assert await every(shop, f"/transfer-waves/{wave['id']}/customers") == checked["customers"]
    shown = await get(shop, f"/transfer-waves/{wave['id']}")
    assert (shown["state"], shown["states"]) == ("draft", {"planned": 2})
    assert shown["last_check"]["summary"] == checked["summary"]
    assert await shop.published("shop.transfer.announced.v1") == []
    one = await get(shop, "/legacy-customers/C10031", transfer_on="2027-02-23")
    assert one == {**moving, "transfer_id": None}
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def test_a_filter_takes_the_customers_that_have_something_to_move(shop: RunningService):
    wanted = {"name": "Swiss", "transfer_on": "2027-03-09", "filter": {"region": "swiss", "max_seats": 10}}
    wave = await post(shop, "/transfer-waves", wanted, status=201)

    found = await every(shop, "/transfers", wave=wave["id"])

    assert [transfer["legacy_customer_id"] for transfer in found] == ["C10030"]
    assert wave["filter"]["region"] == "swiss"
    free = await every(shop, "/legacy-customers", region="swiss", is_free=True)
    assert [customer["legacy_id"] for customer in free] == ["C10022"]
    renewing = {"renewal_from": "2027-02-24", "renewal_to": "2027-02-24", "outcome": "moves"}
    other = await a_wave(shop, renewing, name="Close")
    found = await every(shop, "/transfers", wave=other["id"])
    assert [transfer["legacy_customer_id"] for transfer in found] == ["C10017", "C10037"]
    for each in (wave, other):
        await post(shop, f"/transfer-waves/{each['id']}/cancel")


async def test_a_customer_is_in_one_wave_only_even_when_two_are_planned_at_once(shop: RunningService):
    wanted = {"name": "Both", "transfer_on": "2027-03-09", "customers": ["C10015"]}

    async def plan() -> int:
        async with shop.operator() as operator:
            return (await operator.post("/api/v1/transfer-waves", json=wanted)).status_code

    assert sorted(await asyncio.gather(*[plan() for _ in range(4)])) == [201, 422, 422, 422]


async def test_customers_that_cannot_be_taken_are_named_one_by_one(shop: RunningService):
    wanted = {"name": "Wrong", "transfer_on": "2027-03-09", "customers": ["C10016", "C-NOBODY"]}

    refused = await post(shop, "/transfer-waves", wanted, status=422)

    assert [(e["pointer"], e["code"]) for e in refused["errors"]] == [("/customers/1", "unknown_customer")]
    assert refused["type"].endswith("/problems/unusable-wave")


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "Past", "transfer_on": "2027-02-04", "customers": ["C10016"]},
        {"name": "Nobody", "transfer_on": "2027-03-09"},
        {"name": "Both", "transfer_on": "2027-03-09", "customers": ["C10016"], "filter": {}},
        {"name": "", "transfer_on": "2027-03-09", "customers": ["C10016"]},
        {"name": "Unknown", "transfer_on": "2027-03-09", "customers": {"planet": "Mars"}},
    ],
)
async def test_a_wave_that_makes_no_sense_is_refused(shop: RunningService, wanted):
    await post(shop, "/transfer-waves", wanted, status=422)


async def test_a_draft_can_be_changed_and_removed_and_a_stale_change_is_refused(shop: RunningService):
    wave = await a_wave(shop, ["C10018"])
    path = f"/api/v1/transfer-waves/{wave['id']}"
    async with shop.operator() as operator:
        etag = (await operator.get(path)).headers["etag"]
        changed = await operator.patch(path, json={"customers": ["C10019", "C10020"], "name": "New"})
        stale = await operator.patch(path, json={"name": "Newer"}, headers={"If-Match": etag})
        removed = await operator.delete(path)

    assert (changed.json()["name"], changed.json()["customers"]) == ("New", 2)
    assert stale.status_code == 412
    assert removed.status_code == 204
    async with shop.operator() as operator:
        assert (await operator.get(path)).status_code == 404


async def test_steps_that_the_state_does_not_allow_are_refused(shop: RunningService):
    wave = await a_wave(shop, ["C10021"])
    path = f"/transfer-waves/{wave['id']}"
    for step in ("pause", "resume"):
        await post(shop, f"{path}/{step}", status=409)
    await post(shop, f"{path}/schedule")
    assert (await post(shop, f"{path}/schedule"))["state"] == "scheduled"
    await post(shop, f"{path}/pause")
    await post(shop, f"{path}/start", status=409)
    assert (await post(shop, f"{path}/resume"))["state"] == "scheduled"
    async with shop.operator() as operator:
        assert (await operator.patch(f"/api/v1{path}", json={"customers": ["C10022"]})).status_code == 409
    await post(shop, f"{path}/cancel")
    for step in ("schedule", "start", "pause", "resume"):
        await post(shop, f"{path}/{step}", status=409)
    transfer = (await get(shop, "/transfers", wave=wave["id"]))["items"][0]
    for verb in ("retry", "postpone", "roll-back"):
        await post(shop, f"/transfers/{transfer['id']}/{verb}", status=409)


async def test_only_operators_plan_waves(shop: RunningService):
    wave = await a_wave(shop, ["C10028"])
    path = f"/api/v1/transfer-waves/{wave['id']}"
    async with shop.anonymous() as nobody, shop.client(scopes="operator:read") as reader:
        for read in (path, f"{path}/report", f"{path}/customers", f"{path}/follow-up", f"{path}/release-list"):
            assert (await nobody.get(read)).status_code == 401
            assert (await reader.get(read)).status_code == 200
        for verb in ("check", "schedule", "start", "pause", "resume", "cancel", "confirm-release"):
            assert (await reader.post(f"{path}/{verb}")).status_code == 403
            assert (await nobody.post(f"{path}/{verb}")).status_code == 401
        assert (await reader.get("/api/v1/transfer-waves/wav_unknown")).status_code == 404
        assert (await reader.get("/api/v1/transfers/trf_unknown")).status_code == 404
    async with shop.client(scopes="orders:read orders:write", org="org_x", roles=("owner",)) as buyer:
        assert (await buyer.get("/api/v1/transfers")).status_code == 403


async def test_a_wave_cannot_be_scheduled_for_a_day_that_is_over(shop: RunningService):
    wave = await a_wave(shop, ["C10029"], "2027-02-06")
    shop.clock.set(datetime(2027, 2, 8, 9, 0, tzinfo=UTC))

    await post(shop, f"/transfer-waves/{wave['id']}/schedule", status=422)


async def test_a_wave_of_nobody_waits_as_a_draft_until_somebody_is_chosen(shop: RunningService):
    wave = await a_wave(shop, [], "2027-03-30")
    path = f"/transfer-waves/{wave['id']}"

    for verb in ("schedule", "start"):
        refused = await post(shop, f"{path}/{verb}", status=422)
        assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [("/customers", "nobody")]
    async with shop.operator() as operator:
        assert (await operator.patch(f"/api/v1{path}", json={"customers": ["C10030"]})).status_code == 200
    assert (await post(shop, f"{path}/schedule"))["state"] == "scheduled"
    await post(shop, f"{path}/cancel")


async def test_a_wave_has_a_name_that_can_be_seen(shop: RunningService):
    body = {"name": " \t ", "transfer_on": "2027-03-30", "customers": []}

    refused = await post(shop, "/transfer-waves", body, status=422)
    named = await post(shop, "/transfer-waves", {**body, "name": " Pilot "}, status=201)

    assert [error["pointer"] for error in refused["errors"]] == ["/name"]
    assert named["name"] == "Pilot"


async def test_customers_are_found_by_what_is_written_and_not_by_patterns(shop: RunningService):
    async def found(search: str) -> list[str]:
        return [item["legacy_id"] for item in await every(shop, "/legacy-customers", search=search)]

    assert await found("karosseriebau DIEPHOLZ") == ["C10023"]
    assert await found("%") == await found("C1__23") == []


async def test_a_cursor_of_another_list_is_not_our_mistake(shop: RunningService):
    wave = await a_wave(shop, ["C10001"])
    path = f"/api/v1/transfer-waves/{wave['id']}/customers"

    answers = [await shop.operator().get(path, params={"cursor": encode_cursor(value)}) for value in (5, None, 1e300)]

    assert all(answer.status_code < 500 for answer in answers)
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")
