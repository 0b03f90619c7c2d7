"""What notifications asks for when it sends a mail with a link."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RequestActionLink(BaseModel):
    """A link for the person at an address."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=320)
    purpose: Literal["activation", "recovery", "email"]
    organization_id: str | None = None
    locale: str | None = None
    name: str | None = None
    supersede: bool = False


class ActionLink(BaseModel):
    """The link, or none when the account's state leaves nothing to do."""

    account_id: str
    status: Literal["invited", "active", "disabled"]
    url: str | None
    locale: str
    name: str
