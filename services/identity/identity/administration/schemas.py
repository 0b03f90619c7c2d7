"""Accounts as operators see and make them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from identity.members.schemas import Role
from identity.organizations.schemas import Locale, Name, NewOrganization

OperatorRole = Literal["operator", "support", "auditor"]


class AccountMembership(BaseModel):
    """An organization the account belongs to."""

    member_id: str
    organization_id: str
    organization_name: str
    roles: list[Role]


class AccountDetails(BaseModel):
    """A person who can sign in, or will be able to, with their organizations."""

    model_config = ConfigDict(title="Account")

    id: str
    email: str
    name: str
    locale: Locale
    status: Literal["invited", "active", "disabled"]
    operator_roles: list[str]
    created_at: datetime
    organization_id: str | None
    memberships: list[AccountMembership]


class CreateAccount(BaseModel):
    """A person to invite: into an organization that exists, into a new one, or as an operator of the vendor."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "email": "anna@muster.example",
                    "name": "Anna Muster",
                    "locale": "de",
                    "organization": {"name": "Muster GmbH", "country": "DE"},
                    "roles": ["owner"],
                }
            ]
        },
    )

    email: str = Field(max_length=320)
    name: Name
    locale: Locale | None = None
    organization_id: Annotated[str, Field(max_length=40)] | None = None
    organization: NewOrganization | None = None
    roles: list[Role] | None = Field(default=None, description="Default: `owner` of a new organization, else `member`.")
    operator_roles: list[OperatorRole] = []

    @model_validator(mode="after")
    def _one_organization_at_most(self) -> "CreateAccount":
        if self.organization_id is not None and self.organization is not None:
            raise ValueError("Send either `organization_id` or `organization`.")
        if self.roles and self.organization_id is None and self.organization is None:
            raise ValueError("Roles need an organization.")
        return self


class EndedSessions(BaseModel):
    """How many sessions ended."""

    ended: int
