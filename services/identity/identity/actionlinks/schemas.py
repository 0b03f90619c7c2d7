"""What notifications asks for when it sends mails with a link."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_AT_ONCE = 100


class RequestActionLink(BaseModel):
    """A link for the person at an address."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=320)
    purpose: Literal["activation", "recovery", "email"]
    organization_id: str | None = None
    locale: str | None = None
    name: str | None = None
    supersede: bool = False


class RequestActionLinks(BaseModel):
    """Links for the mails of one round."""

    model_config = ConfigDict(extra="forbid")

    items: list[RequestActionLink] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ActionLink(BaseModel):
    """The account, and its link; none when the account's state leaves nothing to do."""

    account_id: str
    status: Literal["invited", "active", "disabled"]
    url: str | None
    locale: str
    name: str


class Answer(BaseModel):
    """The link, or why there is none: `nothing_pending` when nobody wants to have this address."""

    link: ActionLink | None = None
    code: Literal["nothing_pending", "invalid_email"] | None = None


class ActionLinks(BaseModel):
    """An answer for each, in the order of the question."""

    items: list[Answer]
