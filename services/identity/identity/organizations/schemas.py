"""What clients see of organizations."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from identity.organizations.rules import is_time_zone

Locale = Literal["en", "fr", "de", "it"]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
VatId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 .\-]{4,20}$")]


def _known_zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError("This is not a time zone of the IANA database.")
    return name


TimeZone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


class OrganizationOut(BaseModel):
    """A customer company."""

    model_config = ConfigDict(title="Organization")

    id: str
    name: str
    country: str
    locale: Locale
    time_zone: str
    region: str | None
    vat_id: str | None
    origin: Literal["new", "transferred"]
    created_at: datetime


class ChangeOrganization(BaseModel):
    """Only what shall be different."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Muster GmbH", "time_zone": "Europe/Berlin"}]}
    )

    name: Name = Field(default=None)
    country: Country = Field(default=None)
    locale: Locale = Field(default=None)
    time_zone: TimeZone = Field(default=None)
    vat_id: VatId | None = None


class NewOrganization(BaseModel):
    """A customer company to be made; what is left out follows from the country."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    country: Country
    locale: Locale | None = None
    time_zone: TimeZone | None = None
    vat_id: VatId | None = None
