"""What can go wrong with invoices."""

from chassis.kernel.errors import NotFound


class InvoiceNotFound(NotFound):
    """Unknown, or another organization's."""

    code, title = "invoice-not-found", "There is no such invoice"
