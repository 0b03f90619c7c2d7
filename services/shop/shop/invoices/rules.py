"""How invoices are numbered: one gap-free series per region and year (VAT Directive 2006/112/EC, article 226 (2))."""

from datetime import date


def series_of(region_code: str, day: date) -> str:
    """The series that an invoice of a region and day belongs to."""
    return f"{region_code.upper() or 'INV'}-{day.year}"


def invoice_number(series: str, position: int) -> str:
    """The number of the invoice at a position (from 1) of a series."""
    return f"{series}-{position:06d}"
