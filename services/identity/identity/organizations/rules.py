"""Where a company is, so that its days begin at its own midnight. Pure."""

from zoneinfo import ZoneInfo

from babel.core import get_global

MOST_COMPANIES = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin", "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York",
}  # fmt: skip
"""Where most companies are, in countries with several time zones. Of the others CLDR knows the only one."""
LOCALES = {"AT": "de", "CH": "de", "DE": "de", "LI": "de", "FR": "fr", "LU": "fr", "BE": "fr", "IT": "it"}
NO_ZONE = "UTC"


def time_zone_of(country: str) -> str:
    """The time zone of most companies in a country (ISO 3166-1 alpha-2); UTC where we do not know."""
    zones = get_global("territory_zones").get(country, [])
    return MOST_COMPANIES.get(country) or (zones[0] if len(zones) == 1 else NO_ZONE)


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
