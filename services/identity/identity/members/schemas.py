"""What clients see of members."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Role = Literal["owner", "buyer", "license_manager", "member"]
Roles = Annotated[list[Role], Field(min_length=1, max_length=4)]
AddressText = Annotated[str, StringConstraints(max_length=20_000)]


class MemberOut(BaseModel):
    """A person in an organization; `invited` until the account is activated."""

    model_config = ConfigDict(title="Member")

    id: str
    organization_id: str
    account_id: str
    email: str
    name: str
    roles: list[Role]
    status: Literal["invited", "active", "disabled"]
    created_at: datetime


class InviteMembers(BaseModel):
    """Whom to invite: addresses in a list, or in one text separated by comma, semicolon or line break."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"emails": ["anna@muster.example", "ben@muster.example"], "roles": ["member"]}]
        },
    )

    emails: AddressText | Annotated[list[AddressText], Field(min_length=1, max_length=200)]
    roles: Roles = ["member"]


class Invitation(BaseModel):
    """What became of one address."""

    input: str
    email: str | None
    result: Literal["invited", "refused"]
    code: Literal["duplicate_in_input", "already_member", "invalid_email"] | None = None
    member_id: str | None = None


class Invitations(BaseModel):
    """One answer per address, in the order given."""

    items: list[Invitation]
    next_cursor: str | None


class ChangeMember(BaseModel):
    """The roles the member shall have."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"roles": ["license_manager"]}]})

    roles: Roles
