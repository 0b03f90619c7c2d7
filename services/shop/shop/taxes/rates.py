"""Standard rates of value-added tax, dated; a change of law is one more line. Basis points: 1900 is 19 %."""

from datetime import date

ALWAYS = date(2000, 1, 1)

# country: (valid from, basis points), newest last. Sources: the European Commission's "VAT rates applied in the
# Member States" and the tax administrations of the others.
STANDARD_RATES: dict[str, tuple[tuple[date, int], ...]] = {
    "AT": ((ALWAYS, 2000),),
    "BE": ((ALWAYS, 2100),),
    "BG": ((ALWAYS, 2000),),
    "CH": ((ALWAYS, 770), (date(2024, 1, 1), 810)),
    "CY": ((ALWAYS, 1900),),
    "CZ": ((ALWAYS, 2100),),
    "DE": ((ALWAYS, 1900),),
    "DK": ((ALWAYS, 2500),),
    "EE": ((ALWAYS, 2000), (date(2024, 1, 1), 2200), (date(2025, 7, 1), 2400)),
    "ES": ((ALWAYS, 2100),),
    "FI": ((ALWAYS, 2400), (date(2024, 9, 1), 2550)),
    "FR": ((ALWAYS, 2000),),
    "GB": ((ALWAYS, 2000),),
    "GR": ((ALWAYS, 2400),),
    "HR": ((ALWAYS, 2500),),
    "HU": ((ALWAYS, 2700),),
    "IE": ((ALWAYS, 2300),),
    "IT": ((ALWAYS, 2200),),
    "LI": ((ALWAYS, 770), (date(2024, 1, 1), 810)),
    "LT": ((ALWAYS, 2100),),
    "LU": ((ALWAYS, 1700),),
    "LV": ((ALWAYS, 2100),),
    "MT": ((ALWAYS, 1800),),
    "NL": ((ALWAYS, 2100),),
    "NO": ((ALWAYS, 2500),),
    "PL": ((ALWAYS, 2300),),
    "PT": ((ALWAYS, 2300),),
    "RO": ((ALWAYS, 1900), (date(2025, 8, 1), 2100)),
    "SE": ((ALWAYS, 2500),),
    "SI": ((ALWAYS, 2200),),
    "SK": ((ALWAYS, 2000), (date(2025, 1, 1), 2300)),
}

OUTSIDE_THE_UNION = {"CH", "GB", "LI", "NO"}
EU_COUNTRIES = frozenset(STANDARD_RATES) - OUTSIDE_THE_UNION
TAXED_AS = {"MC": "FR"}
"""Sales to Monaco are taxed as sales to France (Directive 2006/112/EC, article 7)."""


def standard_rate(country: str, day: date) -> int | None:
    """The standard rate of `country` on `day` in basis points; None for a country that is not in the table."""
    rate = None
    for valid_from, basis_points in STANDARD_RATES.get(country, ()):
        if valid_from <= day:
            rate = basis_points
    return rate
