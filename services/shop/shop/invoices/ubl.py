"""An invoice for machines: UBL 2.1 with the terms of EN 16931 (the BT and BG numbers stand beside the elements)."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from sqlalchemy import Row

from shop.invoices.labels import label, major

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
COMMERCIAL_INVOICE = "380"
PAYMENT_MEANS = {"card": "48", "sepa_debit": "59"}
UNIT_PIECE = "C62"

register_namespace("", INVOICE)
register_namespace("cac", CAC)
register_namespace("cbc", CBC)


def render_ubl(row: Row[Any]) -> bytes:
    """The invoice of a stored row as XML."""
    document = row.document
    root = Element(f"{{{INVOICE}}}Invoice")
    _basic(root, "CustomizationID", "urn:cen.eu:en16931:2017")  # BT-24
    _basic(root, "ID", row.number)  # BT-1
    _basic(root, "IssueDate", row.issued_on.isoformat())  # BT-2
    _basic(root, "DueDate", row.issued_on.isoformat())  # BT-9
    _basic(root, "InvoiceTypeCode", COMMERCIAL_INVOICE)  # BT-3
    _basic(root, "DocumentCurrencyCode", row.currency)  # BT-5
    _period(root, document)
    reference = _aggregate(root, "OrderReference")
    _basic(reference, "ID", document["purchase_order_number"] or row.order_number)  # BT-13
    _basic(reference, "SalesOrderID", row.order_number)  # BT-14
    _seller(_aggregate(root, "AccountingSupplierParty"), document)  # BG-4
    _buyer(_aggregate(root, "AccountingCustomerParty"), document)  # BG-7
    _payment(root, document)
    _tax(root, row)
    _totals(root, row)
    for number, line in enumerate(document["lines"], start=1):
        _line(root, row, number, line)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _basic(parent: Element, name: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, f"{{{CBC}}}{name}", attributes)
    element.text = text
    return element


def _aggregate(parent: Element, name: str) -> Element:
    return SubElement(parent, f"{{{CAC}}}{name}")


def _money(parent: Element, name: str, minor: int, currency: str) -> None:
    _basic(parent, name, f"{major(minor, currency):f}", currencyID=currency)


def _period(root: Element, document: dict[str, Any]) -> None:
    if document["period"]:
        period = _aggregate(root, "InvoicePeriod")  # BG-14
        _basic(period, "StartDate", document["period"][0])
        _basic(period, "EndDate", document["period"][1])


def _seller(parent: Element, document: dict[str, Any]) -> None:
    seller = document["seller"] or {
        "name": "",
        "street": "",
        "city": "",
        "postal_code": "",
        "country": "",
        "vat_id": "",
    }
    _party(parent, name=seller["name"], address=seller, vat_id=seller["vat_id"])


def _buyer(parent: Element, document: dict[str, Any]) -> None:
    buyer = document["buyer"]
    _party(parent, name=buyer["company"], address=buyer, vat_id=buyer["vat_id"])


def _party(parent: Element, *, name: str, address: dict[str, Any], vat_id: str | None) -> None:
    party = _aggregate(parent, "Party")
    postal = _aggregate(party, "PostalAddress")
    for element, key in (("StreetName", "street"), ("CityName", "city"), ("PostalZone", "postal_code")):
        if address[key]:
            _basic(postal, element, address[key])
    _basic(_aggregate(postal, "Country"), "IdentificationCode", address["country"])
    if vat_id:
        scheme = _aggregate(party, "PartyTaxScheme")
        _basic(scheme, "CompanyID", vat_id)  # BT-31, BT-48
        _basic(_aggregate(scheme, "TaxScheme"), "ID", "VAT")
    _basic(_aggregate(party, "PartyLegalEntity"), "RegistrationName", name)  # BT-27, BT-44


def _payment(root: Element, document: dict[str, Any]) -> None:
    payment = document["payment"]
    if payment is None:
        return
    means = _aggregate(root, "PaymentMeans")  # BG-16
    _basic(means, "PaymentMeansCode", PAYMENT_MEANS[payment["kind"]])  # BT-81
    if payment["kind"] == "card":
        account = _aggregate(means, "CardAccount")
        _basic(account, "PrimaryAccountNumberID", payment["last4"])  # BT-87, the last digits only
        _basic(account, "NetworkID", payment["brand"] or "card")
    elif payment["mandate"]:
        _basic(_aggregate(means, "PaymentMandate"), "ID", payment["mandate"])  # BT-89


def _tax(root: Element, row: Row[Any]) -> None:
    tax = row.document["tax"]
    total = _aggregate(root, "TaxTotal")
    _money(total, "TaxAmount", row.tax_minor, row.currency)  # BT-110
    part = _aggregate(total, "TaxSubtotal")  # BG-23
    _money(part, "TaxableAmount", row.net_minor, row.currency)
    _money(part, "TaxAmount", row.tax_minor, row.currency)
    category = _category(part, "TaxCategory", tax)
    if tax.get("reason") in ("reverse_charge", "outside_the_union"):
        _basic(category, "TaxExemptionReason", label(tax["reason"], row.document["locale"]))  # BT-120
    _basic(_aggregate(category, "TaxScheme"), "ID", "VAT")


def _category(parent: Element, name: str, tax: dict[str, Any]) -> Element:
    category = _aggregate(parent, name)
    code = tax.get("category") or "S"
    _basic(category, "ID", code)  # BT-118, BT-151
    if code != "O":
        _basic(category, "Percent", f"{tax.get('rate', 0) / 100:.2f}")  # BT-119, BT-152
    return category


def _totals(root: Element, row: Row[Any]) -> None:
    totals = _aggregate(root, "LegalMonetaryTotal")  # BG-22
    _money(totals, "LineExtensionAmount", row.net_minor, row.currency)
    _money(totals, "TaxExclusiveAmount", row.net_minor, row.currency)
    _money(totals, "TaxInclusiveAmount", row.total_minor, row.currency)
    _money(totals, "PrepaidAmount", row.total_minor, row.currency)
    _money(totals, "PayableAmount", 0, row.currency)


def _line(root: Element, row: Row[Any], number: int, line: dict[str, Any]) -> None:
    element = _aggregate(root, "InvoiceLine")  # BG-25
    _basic(element, "ID", str(number))
    _basic(element, "InvoicedQuantity", str(line["quantity"]), unitCode=UNIT_PIECE)
    _money(element, "LineExtensionAmount", line["net"], row.currency)
    item = _aggregate(element, "Item")
    if line.get("description"):
        _basic(item, "Description", line["description"])
    _basic(item, "Name", line["product_name"].get(row.document["locale"]) or line["product_code"])
    _basic(_aggregate(item, "SellersItemIdentification"), "ID", line["product_code"])
    category = _category(item, "ClassifiedTaxCategory", row.document["tax"])
    _basic(_aggregate(category, "TaxScheme"), "ID", "VAT")
    price = _aggregate(element, "Price")
    quantity = line["quantity"] or 1
    _money(price, "PriceAmount", line["net"] if line["net"] % quantity else line["net"] // quantity, row.currency)
    if line["net"] % quantity:
        _basic(price, "BaseQuantity", str(quantity), unitCode=UNIT_PIECE)
