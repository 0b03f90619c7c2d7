"""Print an invoice."""

from datetime import date
from importlib import resources
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from sqlalchemy import Row

from shop.invoices.labels import day, days_in, label, money, percent

FONT = "DejaVu"
WIDTHS = (84, 22, 34, 34)


def render_pdf(row: Row[Any]) -> bytes:
    """The invoice of a stored row as PDF, in the language it was issued in."""
    sheet = _sheet(row)
    _parties(sheet, row)
    _facts(sheet, row)
    _lines(sheet, row)
    _totals(sheet, row)
    _notes(sheet, row)
    return bytes(sheet.output())


def _sheet(row: Row[Any]) -> FPDF:
    sheet = FPDF(format="A4")
    sheet.set_margins(18, 18, 18)
    fonts = resources.files("shop.invoices") / "fonts"
    sheet.add_font(FONT, "", str(fonts / "DejaVuSans-subset.ttf"))
    sheet.add_font(FONT, "B", str(fonts / "DejaVuSans-Bold-subset.ttf"))
    sheet.set_title(row.number)
    sheet.set_creation_date(row.created_at)
    sheet.add_page()
    return sheet


def _text(sheet: FPDF, text: str, *, size: int = 9, bold: bool = False) -> None:
    sheet.set_font(FONT, "B" if bold else "", size)
    sheet.multi_cell(0, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _parties(sheet: FPDF, row: Row[Any]) -> None:
    document = row.document
    seller, buyer = document["seller"], document["buyer"]
    if seller is not None:
        place = f"{seller['street']}, {seller['postal_code']} {seller['city']}, {seller['country']}"
        _text(sheet, seller["name"], size=12, bold=True)
        _text(
            sheet, f"{place}\n{label('vat_id', _locale(row))} {seller['vat_id']}\n{seller['email']}  {seller['phone']}"
        )
    sheet.ln(10)
    address = [
        buyer["company"],
        buyer["street"],
        f"{buyer['postal_code']} {buyer['city']}".strip(),
        buyer["country"],
    ]
    if buyer["vat_id"]:
        address.append(f"{label('vat_id', _locale(row))} {buyer['vat_id']}")
    _text(sheet, "\n".join(part for part in address if part), size=10)
    sheet.ln(10)


def _facts(sheet: FPDF, row: Row[Any]) -> None:
    locale, document = _locale(row), row.document
    _text(sheet, f"{label('invoice', locale)} {row.number}", size=16, bold=True)
    if row.origin == "transferred":
        _text(sheet, label("copy", locale))
    sheet.ln(2)
    facts = [("date", day(row.issued_on, locale)), ("order", row.order_number)]
    if document["purchase_order_number"]:
        facts.append(("purchase_order", document["purchase_order_number"]))
    if document["period"]:
        first, last = (day(date.fromisoformat(text), locale) for text in document["period"])
        facts.append(("period", f"{first} – {last}"))
    for key, value in facts:
        _text(sheet, f"{label(key, locale)}: {value}")
    sheet.ln(6)


def _lines(sheet: FPDF, row: Row[Any]) -> None:
    locale = _locale(row)
    _table_row(sheet, [label(key, locale) for key in ("item", "quantity", "unit_price", "amount")], bold=True)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.w - sheet.r_margin, sheet.get_y())
    for line in row.document["lines"]:
        name = line["product_name"].get(locale) or line["product_code"]
        if line.get("description"):
            name = f"{name}, {days_in(line['description'], locale)}"
        cells = [
            name,
            str(line["quantity"]),
            money(line["unit_price"], row.currency, locale),
            money(line["net"], row.currency, locale),
        ]
        _table_row(sheet, cells)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.w - sheet.r_margin, sheet.get_y())
    sheet.ln(3)


def _table_row(sheet: FPDF, cells: list[str], *, bold: bool = False) -> None:
    sheet.set_font(FONT, "B" if bold else "", 9)
    if sheet.will_page_break(14):
        sheet.add_page()
    top = sheet.get_y()
    sheet.multi_cell(WIDTHS[0], 5.5, cells[0], new_x=XPos.RIGHT, new_y=YPos.NEXT)
    bottom = sheet.get_y()
    sheet.set_xy(sheet.l_margin + WIDTHS[0], top)
    for width, cell in zip(WIDTHS[1:], cells[1:], strict=True):
        sheet.cell(width, 5.5, cell, align="R")
    sheet.set_xy(sheet.l_margin, bottom)


def _totals(sheet: FPDF, row: Row[Any]) -> None:
    locale, tax = _locale(row), row.document["tax"]
    rate = f" {percent(tax['rate'], locale)}" if tax.get("category") == "S" else ""
    for key, suffix, amount in (
        ("net", "", row.net_minor),
        ("tax", rate, row.tax_minor),
        ("total", "", row.total_minor),
    ):
        sheet.set_font(FONT, "B" if key == "total" else "", 10)
        sheet.cell(sum(WIDTHS[:3]), 6, f"{label(key, locale)}{suffix}", align="R")
        sheet.cell(WIDTHS[3], 6, money(amount, row.currency, locale), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(6)


def _notes(sheet: FPDF, row: Row[Any]) -> None:
    locale, document = _locale(row), row.document
    reason, payment = document["tax"].get("reason"), document["payment"]
    if reason in ("reverse_charge", "outside_the_union"):
        _text(sheet, label(reason, locale))
    if payment is not None and row.total_minor > 0:
        sentence = label(f"paid_{payment['kind']}", locale)
        _text(sheet, sentence.format(last4=payment["last4"], mandate=payment["mandate"] or ""))


def _locale(row: Row[Any]) -> str:
    return row.document["locale"]
