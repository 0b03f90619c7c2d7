"""An organization as events carry it."""

from pydantic import BaseModel, ConfigDict


class Organization(BaseModel):
    """Who it is, which language it reads and which clock its days follow."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str
    locale: str = "en"
    time_zone: str = "UTC"
    country: str | None = None
    region: str | None = None


class Buyer(BaseModel):
    """The person who buys for the organization."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    email: str
    first_name: str | None = None
    last_name: str | None = None
    locale: str | None = None
