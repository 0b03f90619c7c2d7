"""The demo's forty customers of the old shop: who they are, what they bought, when they move, why some do not."""

from dataclasses import dataclass

TODAY, TOMORROW, LATER, NEVER = "today", "tomorrow", "later", "never"
CURRENCY = {"DE": "EUR", "AT": "EUR", "FR": "EUR", "IT": "EUR", "CH": "CHF", "GB": "GBP", "US": "USD", "NO": "NOK"}
TIME_ZONE = {
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "FR": "Europe/Paris",
    "IT": "Europe/Rome",
    "CH": "Europe/Zurich",
    "GB": "Europe/London",
    "US": "America/New_York",
    "NO": "Europe/Oslo",
}


@dataclass(frozen=True)
class DemoCustomer:
    """One line of the demo's cast. `trouble` names what is wrong, or why nothing moves."""

    company: str
    first_name: str
    last_name: str
    country: str
    language: str
    wave: str
    seats: int = 1
    product: str = "DRAFT-PRO"
    trouble: str = ""


C = DemoCustomer
CAST: tuple[DemoCustomer, ...] = (
    C("Atelier Béranger SARL", "Hélène", "Béranger", "FR", "fr", TODAY, 12),
    C("Waldmüller Planung GmbH", "Jörg", "Waldmüller", "DE", "de", TODAY, 5),
    C("Studio Tecnico Ferrarò", "Giulia", "Ferrarò", "IT", "it", TODAY, 3, "DRAFT-LITE"),
    C("Hollis & Grant Surveyors Ltd", "Imogen", "Hollis", "GB", "en", TODAY, 2),
    C("Zürcher Holzbau AG", "Reto", "Ammann", "CH", "de", TODAY, 8, "SITE-REPORTS"),
    C("Charpentes du Léman SA", "Éric", "Favre", "CH", "fr", TODAY, 1),
    C("Donau Statik e.U.", "Käthe", "Öllinger", "AT", "de", TODAY, 1, "FLEET-PLANNER"),
    C("Couverture Le Gall", "Yann", "Le Gall", "FR", "fr", TODAY, 4, "SITE-REPORTS"),
    C("Maçonnerie Duprès", "Zoé", "Duprès", "FR", "fr", TOMORROW, 2),
    C("Straßenbau Köhler KG", "Bärbel", "Köhler", "DE", "de", TOMORROW, 15, "FLEET-PLANNER"),
    C("Officine Bianchi S.r.l.", "Marco", "Bianchi", "IT", "it", TOMORROW, 6),
    C("Penrose Architects LLP", "Niamh", "Penrose", "GB", "en", TOMORROW, 9),
    C("Tirol Energieplanung", "Lukas", "Gruber", "AT", "de", TOMORROW, 1, "DRAFT-LITE"),
    C("Vermessung Søndergaard", "Anke", "Søndergaard", "DE", "de", TOMORROW, 2),
    C("Atelier d’Aïn", "Maëlle", "d’Aïn", "FR", "fr", TOMORROW, 1),
    C("Gotthard Tunnelbau AG", "Silvan", "Imhof", "CH", "it", TOMORROW, 20, "SITE-REPORTS"),
    C("Bureau Lévêque & Fils", "Agnès", "Lévêque", "FR", "fr", LATER, 3),
    C("Ingenieurbüro Grünwald", "Uwe", "Grünwald", "DE", "de", LATER, 2),
    C("Progetti Città S.p.A.", "Niccolò", "Città", "IT", "it", LATER, 7),
    C("Fairweather Engineering plc", "Callum", "Fairweather", "GB", "en", LATER, 25),
    C("Brooklyn Steel Detailing Inc.", "Dana", "O’Rourke", "US", "en", LATER, 4),
    C("Lakeshore Interiors LLC", "Tomás", "Núñez", "US", "en", LATER, 2, "DRAFT-LITE"),
    C("Engadin Metallbau", "Ursina", "Caduff", "CH", "de", LATER, 1),
    C("Wiener Dachwerk", "Franz", "Šebesta", "AT", "de", LATER, 3, "SITE-REPORTS"),
    C("Ponts et Passerelles SAS", "Léa", "N’Guyen", "FR", "fr", LATER, 10),
    C("Harzer Maschinenring eG", "Dörte", "Weiß", "DE", "de", LATER, 6, "FLEET-PLANNER"),
    C("Serra & Figli", "Elio", "Serra", "IT", "it", LATER, 1),
    C("Cornish Boatyard Ltd", "Jago", "Tremayne", "GB", "en", LATER, 2),
    C("Einmalig Grafik", "Petra", "Lose", "DE", "de", NEVER, 1, trouble="not_auto_renewing"),
    C("Ardoises d’Anjou", "Luc", "Renard", "FR", "fr", NEVER, 2, trouble="not_auto_renewing"),
    C("Pausenbau GmbH", "Timo", "Pause", "DE", "de", NEVER, 3, trouble="on_hold"),
    C("Fermo Cantieri", "Sara", "Fermo", "IT", "it", NEVER, 1, trouble="on_hold"),
    C("Leaving Lines Ltd", "Olive", "Parting", "GB", "en", NEVER, 2, trouble="cancel_scheduled"),
    C("Adieu Plans SARL", "Rémi", "Adieu", "FR", "fr", NEVER, 1, trouble="terminated"),
    C("Altbau Vorbei KG", "Gerd", "Vorbei", "DE", "de", NEVER, 1, trouble="expired"),
    C("Kein Konto GmbH", "Nils", "Ohne", "DE", "de", LATER, 2, trouble="missing_email"),
    C("Fjord Tegning AS", "Ingrid", "Fjord", "NO", "en", LATER, 2, trouble="unknown_region"),
    C("Sans Carte SARL", "Odile", "Vide", "FR", "fr", LATER, 1, trouble="method_missing"),
    C("Mandatslos AG", "Beat", "Leer", "CH", "de", LATER, 1, trouble="mandate_incomplete"),
    C("Alte Ware oHG", "Horst", "Altmann", "DE", "de", LATER, 1, trouble="unmapped_product"),
)
