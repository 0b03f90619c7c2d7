"""What invoices tell the other services."""

from datetime import date
from typing import ClassVar

from chassis.facts import Event
from shop.values import Amount


class InvoiceIssued(Event):
    """An invoice got its number; it never changes again."""

    event_type: ClassVar[str] = "shop.invoice.issued.v1"
    subject_field: ClassVar[str] = "invoice_id"

    invoice_id: str
    number: str
    order_id: str
    organization_id: str
    total: Amount
    issued_on: date
