"""A customer's data: handed out, and forgotten except for what the law keeps."""

from datetime import timedelta

from tests.harness.service import RunningService
from tests.shop.builders import Customer, catch_up


async def test_the_export_has_everything(shop: RunningService, customer: Customer) -> None:
    order = (await customer.order()).json()

    document = (await shop.operator().get(f"/api/v1/customers/{customer.id}/export")).json()

    assert document["customer"]["company"] == "Müller & Söhne GmbH"
    assert [member["email"] for member in document["members"]] == [customer.email]
    assert [item["id"] for item in document["orders"]] == [order["id"]]
    assert [item["number"] for item in document["invoices"]] == [order["invoice_number"]]
    assert len(document["subscriptions"]) == len(document["payment_methods"]) == 1


async def test_erasing_forgets_people_and_keeps_invoices(shop: RunningService, customer: Customer) -> None:
    subscription = await customer.subscribe(interval="month")
    path = f"/api/v1/customers/{customer.id}/erase"
    too_early = await shop.operator().post(path)
    await customer.buyer.post(f"/api/v1/subscriptions/{subscription['id']}/cancel")
    shop.clock.advance(timedelta(days=32))
    await catch_up(shop)

    erased = (await shop.operator().post(path)).json()
    again = await shop.operator().post(path)

    assert too_early.status_code == 409
    assert (erased["status"], erased["company"], erased["email"], erased["vat_id"]) == ("erased", "erased", "", None)
    assert again.status_code == 200
    document = (await shop.operator().get(f"/api/v1/customers/{customer.id}/export")).json()
    assert document["members"] == []
    assert document["payment_methods"] == []
    assert len(document["invoices"]) == 1
