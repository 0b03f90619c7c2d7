"""The words on a printed invoice, and amounts as the reader writes them."""

import re
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, format_decimal, get_currency_precision

from chassis.ops.days import written_day

ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
LABELS: dict[str, dict[str, str]] = {
    "invoice": {"en": "Invoice", "fr": "Facture", "de": "Rechnung", "it": "Fattura"},
    "copy": {
        "en": "Copy of an invoice of the old shop",
        "fr": "Copie d'une facture de l'ancienne boutique",
        "de": "Kopie einer Rechnung des alten Shops",
        "it": "Copia di una fattura del vecchio negozio",
    },
    "date": {"en": "Date", "fr": "Date", "de": "Datum", "it": "Data"},
    "order": {"en": "Order", "fr": "Commande", "de": "Bestellung", "it": "Ordine"},
    "purchase_order": {
        "en": "Your reference",
        "fr": "Votre référence",
        "de": "Ihr Zeichen",
        "it": "Vostro riferimento",
    },
    "period": {"en": "Period", "fr": "Période", "de": "Zeitraum", "it": "Periodo"},
    "vat_id": {"en": "VAT ID", "fr": "N° TVA", "de": "USt-IdNr.", "it": "Partita IVA"},
    "item": {"en": "Item", "fr": "Article", "de": "Artikel", "it": "Articolo"},
    "quantity": {"en": "Quantity", "fr": "Quantité", "de": "Menge", "it": "Quantità"},
    "unit_price": {"en": "Unit price", "fr": "Prix unitaire", "de": "Einzelpreis", "it": "Prezzo unitario"},
    "amount": {"en": "Net amount", "fr": "Montant HT", "de": "Nettobetrag", "it": "Importo netto"},
    "net": {"en": "Net", "fr": "Total HT", "de": "Netto", "it": "Imponibile"},
    "tax": {"en": "VAT", "fr": "TVA", "de": "USt.", "it": "IVA"},
    "total": {"en": "Total", "fr": "Total TTC", "de": "Gesamtbetrag", "it": "Totale"},
    "paid_card": {
        "en": "Paid by card ending in {last4}.",
        "fr": "Payé par carte se terminant par {last4}.",
        "de": "Bezahlt mit der Karte mit den Endziffern {last4}.",
        "it": "Pagato con la carta che termina con {last4}.",
    },
    "paid_sepa_debit": {
        "en": "Paid by SEPA direct debit, mandate {mandate}.",
        "fr": "Payé par prélèvement SEPA, mandat {mandate}.",
        "de": "Bezahlt per SEPA-Lastschrift, Mandat {mandate}.",
        "it": "Pagato con addebito diretto SEPA, mandato {mandate}.",
    },
    "reverse_charge": {
        "en": "Reverse charge: VAT is due from the recipient (Article 196 of Directive 2006/112/EC).",
        "fr": "Autoliquidation : TVA due par le preneur (article 196 de la directive 2006/112/CE).",
        "de": "Steuerschuldnerschaft des Leistungsempfängers (Artikel 196 der Richtlinie 2006/112/EG).",
        "it": "Inversione contabile: IVA a carico del destinatario (articolo 196 della direttiva 2006/112/CE).",
    },
    "outside_the_union": {
        "en": "Not subject to EU VAT (Article 44 of Directive 2006/112/EC).",
        "fr": "Non soumis à la TVA de l'UE (article 44 de la directive 2006/112/CE).",
        "de": "Nicht im Inland steuerbar (Artikel 44 der Richtlinie 2006/112/EG).",
        "it": "Non soggetto a IVA UE (articolo 44 della direttiva 2006/112/CE).",
    },
}


def label(key: str, locale: str) -> str:
    """A word in a language; English where there is none."""
    words = LABELS[key]
    return words.get(locale, words["en"])


def money(minor: int, currency: str, locale: str) -> str:
    """An amount as it is written in a language: `1.234,50 €`."""
    return format_currency(major(minor, currency), currency, locale=locale)


def major(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal of the currency's main unit: 12900 cents are 129.00."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def percent(basis_points: int, locale: str) -> str:
    """A rate: `25,5 %`."""
    return f"{format_decimal(Decimal(basis_points) / 100, locale=locale)} %"


def day(value: date, locale: str) -> str:
    """A day: `25.11.2026`."""
    return written_day(value, "medium", Locale(locale))


def days_in(text: str, locale: str) -> str:
    """A description with its days written for people: `2026-11-25 – 2027-11-24` is `25.11.2026 – 24.11.2027`."""
    return ISO_DAY.sub(lambda found: _day_or_same(found[0], locale), text)


def _day_or_same(text: str, locale: str) -> str:
    try:
        return day(date.fromisoformat(text), locale)
    except ValueError:
        return text
