"""Where a company is, so that its days begin at its own midnight. Pure."""

from zoneinfo import ZoneInfo

TIME_ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CH": "Europe/Zurich",
    "CY": "Asia/Nicosia", "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn", "ES": "Europe/Madrid", "FI": "Europe/Helsinki", "FR": "Europe/Paris",
    "GB": "Europe/London", "GR": "Europe/Athens", "HR": "Europe/Zagreb", "HU": "Europe/Budapest",
    "IE": "Europe/Dublin", "IT": "Europe/Rome", "LI": "Europe/Vaduz", "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MT": "Europe/Malta", "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon", "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm", "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava", "TR": "Europe/Istanbul",
    "US": "America/New_York", "CA": "America/Toronto", "AU": "Australia/Sydney", "JP": "Asia/Tokyo",
}  # fmt: skip
LOCALES = {"AT": "de", "CH": "de", "DE": "de", "LI": "de", "FR": "fr", "LU": "fr", "BE": "fr", "IT": "it"}
NO_ZONE = "UTC"


def time_zone_of(country: str) -> str:
    """The time zone of most companies in a country (ISO 3166-1 alpha-2); UTC where we do not know."""
    return TIME_ZONES.get(country, NO_ZONE)


def locale_of(country: str) -> str:
    """The language most companies of a country are addressed in."""
    return LOCALES.get(country, "en")


def is_time_zone(name: str) -> bool:
    """Whether `name` is in the IANA time zone database."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
