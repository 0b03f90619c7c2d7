"""Who an event is about: the organization and its buyer, as every event of the shop names them."""

from pydantic import BaseModel, ConfigDict


class Org(BaseModel):
    """The customer organization."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    locale: str
    time_zone: str
    country: str
    region: str | None


class Buyer(BaseModel):
    """The person who buys for it and is written to."""

    model_config = ConfigDict(frozen=True)

    email: str
    first_name: str
    last_name: str
    locale: str
