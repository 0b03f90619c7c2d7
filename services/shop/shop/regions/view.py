"""A region as code passes it around."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region, for reading."""

    code: str
    name: str
    countries: tuple[str, ...]
    currency: str
    tax_mode: str
    default_locale: str
    time_zone: str
