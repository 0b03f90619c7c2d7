"""Uploading an export of the legacy shop and what the import says about it."""

import asyncio
import io
import json
import zipfile

import pytest

from tests.harness.service import RunningService
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import carried_through, every, files_of, get, upload, zipped

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())


async def send(shop: RunningService, *parts: tuple[str, bytes], **fields: str):
    """An upload of these files, as it is answered."""
    async with shop.operator() as operator:
        return await operator.post(
            "/api/v1/transfer-imports",
            files=[("bundle", (name, content)) for name, content in parts],
            data={"exported_on": "2027-02-05", **fields},
        )


def codes_of(answer) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in answer.json()["errors"]}


async def test_the_sample_export_is_imported_and_checked_for_its_transfer_date(shop: RunningService):
    imported = await upload(shop, transfer_on="2027-02-23")

    assert imported["summary"] == EXPECTED["summary"]
    assert imported["changed"]["customers"]["added"] == 40

    findings = await every(shop, f"/transfer-imports/{imported['id']}/findings")
    places = [(f["file"], f["line"], f["column"], f["code"], f["key"]) for f in findings]
    assert sorted(places) == sorted(
        (f["file"], f["line"], f["column"], f["code"], f["key"]) for f in EXPECTED["findings"]
    )


async def test_importing_the_same_export_again_changes_nothing(shop: RunningService):
    await upload(shop)

    again = await upload(shop)

    assert again["changed"]["customers"] == {
        "added": 0, "changed": 0, "unchanged": 40, "moved_already": 0, "older": 0, "absent": 0,
    }  # fmt: skip
    assert again["changed"]["records"] == {}


async def test_a_newer_export_tells_what_changed_at_the_source(shop: RunningService):
    await upload(shop)
    files = files_of()
    files["customers.csv"] = files["customers.csv"].replace(b"Karosseriebau Diepholz AG", b"Karosserie AG")
    kept = [line for line in files["subscriptions.csv"].split(b"\n") if b"S200064" not in line]
    files["subscriptions.csv"] = b"\n".join(kept)

    imported = await upload(shop, files, exported_on="2027-02-06")

    assert imported["changed"]["customers"]["changed"] == 2
    changes = await every(shop, f"/transfer-imports/{imported['id']}/changes")
    assert {(c["file"], c["key"], c["customer"], c["change"]) for c in changes} == {
        ("customers.csv", "C10023", "C10023", "changed"),
        ("subscriptions.csv", "S200064", "C10030", "removed"),
    }
    [renamed] = [c for c in changes if c["change"] == "changed"]
    assert renamed["differences"] == {"company": ["Karosseriebau Diepholz AG", "Karosserie AG"]}

    older = await upload(shop, exported_on="2027-02-05")
    assert older["changed"]["customers"]["older"] == 40
    customer = (await get(shop, "/legacy-customers", search="C10023"))["items"][0]
    assert (customer["company"], customer["exported_on"]) == ("Karosserie AG", "2027-02-06")


async def test_the_same_import_twice_in_parallel_is_safe(shop: RunningService):
    bundle = zipped(files_of())

    answers = await asyncio.gather(*[send(shop, ("a.zip", bundle), exported_on="2027-02-07") for _ in range(3)])
    imports = [await carried_through(shop, answer.json()["id"]) for answer in answers]

    assert [i["changed"]["customers"]["absent"] for i in imports] == [0, 0, 0]
    assert len({json.dumps(i["summary"], sort_keys=True) for i in imports}) == 1
    assert len(await every(shop, "/legacy-customers")) == 40


async def test_csv_files_can_be_sent_one_by_one(shop: RunningService):
    answer = await send(shop, *files_of().items(), exported_on="2027-02-08")

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/transfer-imports/{answer.json()['id']}"
    assert (await carried_through(shop, answer.json()["id"]))["summary"]["customers"]["total"] == 40


async def test_findings_are_filtered_and_come_as_csv_that_no_spreadsheet_executes(shop: RunningService):
    files = files_of()
    files["customers.csv"] = files["customers.csv"].replace(b",Deutsch,", b",=cmd(),")
    imported = await upload(shop, files, exported_on="2027-02-09")
    path = f"/transfer-imports/{imported['id']}/findings"

    only = await every(shop, path, code="mandate_incomplete", level="blocker", file="payment_methods.csv")
    of_customer = await every(shop, path, customer="C10019")
    async with shop.operator() as operator:
        as_csv = await operator.get(f"/api/v1{path}", headers={"Accept": "text/csv"})

    assert [f["column"] for f in only] == ["mandate_reference", "mandate_signed_on"]
    assert [f["code"] for f in of_customer] == ["unknown_language"]
    assert as_csv.headers["content-type"].startswith("text/csv")
    assert as_csv.text.splitlines()[0] == "file,line,column,code,level,key,customer,detail,who_acts,value"
    assert "\n=" not in as_csv.text


async def test_a_missing_file_or_column_refuses_the_whole_upload_with_the_list(shop: RunningService):
    files = files_of()
    del files["orders.csv"]
    files["customers.csv"] = files["customers.csv"].replace(b",email,", b",mail,", 1)
    files["one_off_licenses.csv"] = b""

    answer = await send(shop, ("export.zip", zipped(files)))

    assert answer.status_code == 422
    assert {
        ("/bundle/orders.csv", "missing_file"),
        ("/bundle/customers.csv/email", "missing_column"),
        ("/bundle/one_off_licenses.csv/legacy_id", "missing_column"),
    } <= codes_of(answer)


async def test_one_bad_row_never_stops_the_others(shop: RunningService):
    files = files_of()
    files["customers.csv"] += (
        b'C90001,"Bad ' + "Größe".encode("latin-1") + b'",x@y.example,,,DE,,,,,,,,0,\r\n'
        b",no key,z@y.example,,,DE,,,,,,,,0,\r\n"
        b"C90002,too,many,fields,in,DE,this,row,of,the,file,are,here,0,a,b,c\r\n"
    )

    imported = await upload(shop, files, exported_on="2027-02-10")

    findings = await every(shop, f"/transfer-imports/{imported['id']}/findings", file="customers.csv")
    assert {"unreadable_text", "missing_id", "unreadable_row"} <= {f["code"] for f in findings}
    assert imported["summary"]["customers"]["total"] == 41


async def test_a_quote_that_is_never_closed_drops_no_row_silently(shop: RunningService):
    files = files_of()
    header, *rows = files["subscriptions.csv"].split(b"\n")
    files["subscriptions.csv"] = b"\n".join([header, b'S999999,"C10001', *rows])

    imported = await upload(shop, files, exported_on="2027-02-10", transfer_on="2027-02-23")

    findings = await every(shop, f"/transfer-imports/{imported['id']}/findings", code="unreadable_row")
    assert [(f["file"], f["line"]) for f in findings] == [("subscriptions.csv", 2)]
    assert imported["summary"]["subscriptions"]["total"] == EXPECTED["summary"]["subscriptions"]["total"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"source": "magento"}, ("/source", "unknown_source")),
        ({"exported_on": "yesterday"}, ("/exported_on", "invalid_day")),
        ({"exported_on": "2027-W05-5"}, ("/exported_on", "invalid_day")),
        ({"product_map": "[1"}, ("/product_map", "invalid_json")),
        ({"product_map": '{"17": {"code": "PARTS-CAT"}}'}, ("/product_map", "invalid_json")),
    ],
)
async def test_fields_that_cannot_be_used_are_named(shop: RunningService, fields, wrong):
    answer = await send(shop, ("export.zip", zipped(files_of())), **fields)

    assert answer.status_code == 422
    assert codes_of(answer) == {wrong}


async def test_paths_inside_an_archive_lead_nowhere(shop: RunningService):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files_of().items():
            archive.writestr(f"../../../{name}", content)
        archive.writestr("__MACOSX/._customers.csv", b"junk")
        archive.writestr("ü" * 300 + ".csv", b"a name that no disk takes")

    answer = await send(shop, ("export.zip", buffer.getvalue()), exported_on="2027-02-11")

    assert answer.status_code == 202
    assert not (shop.runtime.platform.data_dir.parent / "customers.csv").exists()
    await carried_through(shop, answer.json()["id"])


async def test_an_archive_that_explodes_is_refused(shop: RunningService):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("customers.csv", b"0" * 128 * 1024 * 1024)

    answer = await send(shop, ("export.zip", buffer.getvalue()))

    assert answer.status_code == 413
    assert list((shop.runtime.platform.data_dir / "transfer-imports").iterdir()) == []


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"PK\x05\x06" + b"\x00" * 18])
async def test_a_damaged_or_empty_archive_is_refused(shop: RunningService, content: bytes):
    assert (await send(shop, ("export.zip", content))).status_code == 422


async def test_two_files_of_one_name_are_refused(shop: RunningService):
    answer = await send(shop, ("a/customers.csv", b"x"), ("b/Customers.csv", b"y"))

    assert codes_of(answer) == {("/bundle/customers.csv", "duplicate_file")}


async def test_only_operators_import(shop: RunningService):
    parts = {"bundle": ("export.zip", zipped(files_of()))}
    async with shop.anonymous() as nobody, shop.client(scopes="operator:read") as reader:
        assert (await nobody.post("/api/v1/transfer-imports", files=parts)).status_code == 401
        assert (await reader.post("/api/v1/transfer-imports", files=parts)).status_code == 403
        assert (await reader.get("/api/v1/transfer-imports/imp_unknown")).status_code == 404
        assert (await reader.get("/api/v1/transfer-imports")).status_code == 200
    async with shop.client(scopes="orders:read", org="org_x") as buyer:
        assert (await buyer.get("/api/v1/transfer-imports")).status_code == 403


async def test_woocommerce_exports_are_imported_with_their_own_places(shop: RunningService):
    export = (
        b"subscription_id,customer_id,billing_email,subscription_status,start_date,next_payment_date,billing_period,"
        b"billing_interval,order_currency,payment_method,payment_method_post_meta,order_items,billing_country\n"
        b"700,41,ada@werkstatt.example,wc-active,2026-11-30 09:15:00,2027-02-28 09:15:00,month,1,EUR,stripe,"
        b"_stripe_customer_id:cus_1|_stripe_source_id:pm_1,product_id:11|name:A|quantity:2|total:98.00|meta:|tax:,DE\n"
        b"701,42,eve@werkstatt.example,wc-active,2026-11-30 09:15:00,2027-02-28 09:15:00,week,2,EUR,paypal,,99,DE\n"
    )

    answer = await send(
        shop,
        ("woo.csv", export),
        source="woocommerce",
        exported_on="2027-02-12",
        transfer_on="2027-02-20",
        product_map='{"11": "PARTS-CAT"}',
    )
    imported = await carried_through(shop, answer.json()["id"])

    assert imported["summary"]["customers"] == {"total": 2, "moves": 1, "blocked": 1, "nothing_to_move": 0}
    findings = await every(shop, f"/transfer-imports/{imported['id']}/findings")
    assert {(f["file"], f["line"], f["column"], f["code"]) for f in findings} == {
        ("woo.csv", 3, "order_items", "unmapped_product"),
        ("woo.csv", 3, "order_items", "invalid_price"),
        ("woo.csv", 3, "billing_period", "invalid_interval"),
        ("woo.csv", 3, "payment_method", "method_missing"),
    }


async def test_a_slip_of_the_pen_in_the_day_of_an_export_is_mended_by_the_next_one(shop: RunningService):
    """An export from a day to come would otherwise be newer than every honest one for years."""
    today = shop.clock.now().date()
    await upload(shop, exported_on=today.replace(year=2072).isoformat())

    later = await upload(shop, exported_on=today.replace(year=2071).isoformat())
    honest = await upload(shop, exported_on=today.isoformat())

    assert later["changed"]["customers"]["older"] == 40
    assert honest["changed"]["customers"]["older"] == 0
    [customer] = (await get(shop, "/legacy-customers", search="C10023"))["items"]
    assert customer["exported_on"] == today.isoformat()
