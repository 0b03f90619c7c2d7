"""Regions as operators see them."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2}$")]
TaxMode = Literal["net", "gross"]
Locale = Literal["en", "fr", "de", "it"]


def _known_currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError("is not a currency of ISO 4217")
    return code


def _known_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone of the IANA database")
    return name


Currency = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True), AfterValidator(_known_currency)]
TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Region(BaseModel):
    """Countries that share prices, currency and tax mode."""

    code: str
    name: str
    countries: list[str]
    currency: str
    tax_mode: TaxMode
    default_locale: Locale
    time_zone: str
    changed_at: datetime


class DefineRegion(BaseModel):
    """A new region."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "dach",
                    "name": "Germany, Austria",
                    "countries": ["DE", "AT"],
                    "currency": "EUR",
                    "tax_mode": "net",
                    "default_locale": "de",
                    "time_zone": "Europe/Berlin",
                }
            ]
        },
    )

    code: Code
    name: Name
    countries: Annotated[list[Country], Field(max_length=260)]
    currency: Currency
    tax_mode: TaxMode = "net"
    default_locale: Locale = "en"
    time_zone: TimeZone = "UTC"


class ChangeRegion(BaseModel):
    """Only what is sent changes. Prices keep their currency, so the currency stays as it was defined."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    countries: Annotated[list[Country], Field(max_length=260)] | None = None
    tax_mode: TaxMode | None = None
    default_locale: Locale | None = None
    time_zone: TimeZone | None = None
