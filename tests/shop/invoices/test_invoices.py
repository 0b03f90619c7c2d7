"""Invoices: one per order, to print and for machines, an organization's own."""

import io
from xml.etree import ElementTree

from tests.harness.service import RunningService
from tests.shop.builders import Customer, a_customer, line

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"


async def test_an_invoice_is_listed_and_printed(shop: RunningService) -> None:
    customer = await a_customer(shop, name="Žluťoučký kůň Ελλάδα Ծնծղա s.r.o.")
    order = (await customer.order(line(quantity=3), line("plan"), purchase_order_number="PO/1")).json()

    (invoice,) = (await customer.buyer.get("/api/v1/invoices")).json()["items"]
    pdf = await customer.buyer.get(f"/api/v1/invoices/{invoice['id']}/pdf")

    assert invoice["number"] == order["invoice_number"]
    assert invoice["id"] == order["invoice_id"]
    assert invoice["total"] == order["total"]
    assert (await customer.buyer.get(f"/api/v1/invoices/{invoice['id']}")).json() == invoice
    assert pdf.status_code == 200
    assert pdf.headers["content-type"] == "application/pdf"
    assert invoice["number"] in pdf.headers["content-disposition"]
    assert pdf.content.startswith(b"%PDF")
    assert io.BytesIO(pdf.content).getvalue().rstrip().endswith(b"%%EOF")


async def test_the_xml_carries_the_amounts_of_the_order(shop: RunningService) -> None:
    customer = await a_customer(shop, country="FR", vat_id="FR40303265045")
    order = (await customer.order(line(quantity=3), card=await customer.card("tok_sepa"))).json()

    answer = await customer.buyer.get(f"/api/v1/invoices/{order['invoice_id']}/xml")

    root = ElementTree.fromstring(answer.content)
    assert root.findtext(f"{CBC}ID") == order["invoice_number"]
    assert root.findtext(f"{CBC}DocumentCurrencyCode") == "EUR"
    assert root.findtext(f"{CAC}LegalMonetaryTotal/{CBC}TaxInclusiveAmount") == "360.00"
    assert root.findtext(f"{CAC}TaxTotal/{CAC}TaxSubtotal/{CAC}TaxCategory/{CBC}ID") == "AE"
    assert "autoliquidation" in answer.text.lower() or "Steuerschuldnerschaft" in answer.text
    assert root.findtext(f".//{CAC}PaymentMandate/{CBC}ID", "").startswith("MND-")
    assert [element.text for element in root.iter(f"{CBC}LineExtensionAmount")] == ["360.00", "360.00"]
    assert root.findtext(f"{CAC}AccountingCustomerParty//{CAC}PartyTaxScheme/{CBC}CompanyID") == "FR40303265045"


async def test_an_invoice_is_an_organizations_own(shop: RunningService, customer: Customer) -> None:
    order = (await customer.order()).json()
    stranger = await a_customer(shop)
    path = f"/api/v1/invoices/{order['invoice_id']}"

    for suffix in ("", "/pdf", "/xml"):
        assert (await stranger.buyer.get(path + suffix)).status_code == 404
        assert (await shop.anonymous().get(path + suffix)).status_code == 401
        assert (await shop.operator().get(path + suffix)).status_code == 200
    assert (await stranger.buyer.get("/api/v1/invoices")).json()["items"] == []
    manager = shop.client(scopes="licenses:read", org=customer.id)
    assert (await manager.get(path)).status_code == 403


async def test_what_was_issued_never_changes(shop: RunningService, customer: Customer) -> None:
    order = (await customer.order()).json()
    path = f"/api/v1/invoices/{order['invoice_id']}/xml"
    issued = (await customer.buyer.get(path)).content

    await customer.buyer.patch("/api/v1/customer", json={"company": "Other", "vat_id": "DE136695976"})
    await shop.operator().patch("/api/v1/products/cad", json={"name": "Renamed"})

    assert (await customer.buyer.get(path)).content == issued
