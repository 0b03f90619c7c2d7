"""What the demo vendor sells: applications, products, regions and prices, as the operator's API takes them."""

from typing import Any

SAMPLE_APPLICATION = "draftboard"
SAMPLE_PRODUCT = "DRAFT-PRO"


def localized(en: str, fr: str, de: str, it: str) -> dict[str, str]:
    """One text in the four languages."""
    return {"en": en, "fr": fr, "de": de, "it": it}


def applications(sample_url: str) -> list[dict[str, Any]]:
    """The vendor's applications; the first is the sample that runs beside the platform."""
    return [
        {
            "code": SAMPLE_APPLICATION,
            "name": localized("Draftboard", "Draftboard", "Draftboard", "Draftboard"),
            "description": localized(
                "Draw plans together", "Dessiner des plans à plusieurs", "Gemeinsam Pläne zeichnen", "Disegnare insieme"
            ),
            "category": "design",
            "launch_url": f"{sample_url}/",
            "visible_to": "entitled",
        },
        {
            "code": "parts-library",
            "name": localized("Parts Library", "Bibliothèque de pièces", "Teilebibliothek", "Libreria componenti"),
            "description": localized(
                "Two million parts", "Deux millions de pièces", "Zwei Millionen Teile", "Due milioni di componenti"
            ),
            "category": "design",
            "launch_url": f"{sample_url}/?application=parts-library",
            "visible_to": "entitled",
        },
        {
            "code": "site-reports",
            "name": localized("Site Reports", "Rapports de chantier", "Baustellenberichte", "Rapporti di cantiere"),
            "description": localized(
                "Reports from the site", "Rapports depuis le chantier", "Berichte vor Ort", "Rapporti dal cantiere"
            ),
            "category": "workshop",
            "launch_url": f"{sample_url}/?application=site-reports",
            "visible_to": "entitled",
        },
        {
            "code": "fleet-planner",
            "name": localized("Fleet Planner", "Planificateur de flotte", "Flottenplaner", "Pianificatore flotta"),
            "description": localized(
                "Vehicles and crews", "Véhicules et équipes", "Fahrzeuge und Teams", "Veicoli e squadre"
            ),
            "category": "workshop",
            "launch_url": f"{sample_url}/?application=fleet-planner",
            "visible_to": "entitled",
        },
    ]


PRODUCTS: list[dict[str, Any]] = [
    {
        "code": SAMPLE_PRODUCT,
        "name": localized("Draft Pro", "Draft Pro", "Draft Pro", "Draft Pro"),
        "description": localized(
            "Drawing for offices, with the parts library",
            "Le dessin pour les bureaux d’études, avec la bibliothèque de pièces",
            "Zeichnen für Büros, mit der Teilebibliothek",
            "Disegno per studi tecnici, con la libreria componenti",
        ),
        "applications": ["draftboard", "parts-library"],
    },
    {
        "code": "DRAFT-LITE",
        "name": localized("Draft Lite", "Draft Lite", "Draft Lite", "Draft Lite"),
        "description": localized(
            "Drawing, the essentials", "Le dessin, l’essentiel", "Zeichnen, das Nötigste", "Disegno base"
        ),
        "applications": ["draftboard"],
    },
    {
        "code": "SITE-REPORTS",
        "name": localized("Site Reports", "Rapports de chantier", "Baustellenberichte", "Rapporti di cantiere"),
        "description": localized(
            "Reports, photos, signatures",
            "Rapports, photos, signatures",
            "Berichte, Fotos, Unterschriften",
            "Rapporti, foto, firme",
        ),
        "applications": ["site-reports"],
    },
    {
        "code": "FLEET-PLANNER",
        "name": localized("Fleet Planner", "Planificateur de flotte", "Flottenplaner", "Pianificatore flotta"),
        "description": localized(
            "Plan vehicles and crews",
            "Planifier véhicules et équipes",
            "Fahrzeuge und Teams planen",
            "Pianificare veicoli e squadre",
        ),
        "applications": ["fleet-planner"],
    },
]

REGIONS: list[dict[str, Any]] = [
    {
        "code": "dach",
        "name": "Germany and Austria",
        "countries": ["DE", "AT"],
        "currency": "EUR",
        "default_locale": "de",
        "time_zone": "Europe/Berlin",
    },
    {
        "code": "france",
        "name": "France",
        "countries": ["FR", "MC"],
        "currency": "EUR",
        "default_locale": "fr",
        "time_zone": "Europe/Paris",
    },
    {
        "code": "italy",
        "name": "Italy",
        "countries": ["IT"],
        "currency": "EUR",
        "default_locale": "it",
        "time_zone": "Europe/Rome",
    },
    {
        "code": "switzerland",
        "name": "Switzerland",
        "countries": ["CH", "LI"],
        "currency": "CHF",
        "default_locale": "de",
        "time_zone": "Europe/Zurich",
    },
    {
        "code": "united-kingdom",
        "name": "United Kingdom",
        "countries": ["GB"],
        "currency": "GBP",
        "default_locale": "en",
        "time_zone": "Europe/London",
    },
    {
        "code": "north-america",
        "name": "United States",
        "countries": ["US"],
        "currency": "USD",
        "default_locale": "en",
        "time_zone": "America/New_York",
    },
]

YEARLY_IN_EURO = {"DRAFT-PRO": 99000, "DRAFT-LITE": 39000, "SITE-REPORTS": 24000, "FLEET-PLANNER": 58000}
FACTOR_PER_MILLE = {"EUR": 1000, "CHF": 1050, "GBP": 870, "USD": 1120}


def price_of(product: str, currency: str, interval: str) -> int:
    """The demo's price in minor units: a year costs ten months."""
    yearly = YEARLY_IN_EURO[product] * FACTOR_PER_MILLE[currency] // 1000
    return yearly if interval == "year" else yearly // 10


def prices(valid_from: str) -> list[dict[str, Any]]:
    """Every product in every region by month and by year."""
    return [
        {
            "product_code": product["code"],
            "region": region["code"],
            "interval": interval,
            "amount": {
                "amount": price_of(product["code"], region["currency"], interval),
                "currency": region["currency"],
            },
            "valid_from": valid_from,
        }
        for product in PRODUCTS
        for region in REGIONS
        for interval in ("month", "year")
    ]
