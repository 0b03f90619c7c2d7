"""What people see and say of themselves over the API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from identity.members.schemas import Role
from identity.organizations.schemas import Locale, Name


class MyOrganization(BaseModel):
    """An organization the caller belongs to."""

    id: str
    name: str
    roles: list[Role]
    active: bool


class MySecondFactor(BaseModel):
    """Whether signing in asks for a code."""

    enabled: bool
    recovery_codes_left: int


class Me(BaseModel):
    """The caller."""

    id: str
    email: str
    name: str
    locale: Locale
    status: Literal["invited", "active", "disabled"]
    operator_roles: list[str]
    organization_id: str | None
    organizations: list[MyOrganization]
    mfa: MySecondFactor
    created_at: datetime


class ChangeMe(BaseModel):
    """Only what shall be different."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Anna Muster", "locale": "de"}]})

    name: Name = Field(default=None)
    locale: Locale = Field(default=None)


class ChangePassword(BaseModel):
    """The present password proves that it is you."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "current_password": "a phrase that is easy to keep",
                    "new_password": "another one that nobody guesses",
                }
            ]
        },
    )

    current_password: str = Field(max_length=4096)
    new_password: str = Field(max_length=4096)
