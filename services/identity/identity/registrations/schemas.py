"""What a new customer says."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from identity.organizations.schemas import Locale, Name, NewOrganization


class Register(BaseModel):
    """A person and the company they buy for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "email": "anna@muster.example",
                    "name": "Anna Muster",
                    "locale": "de",
                    "organization": {"name": "Muster GmbH", "country": "DE"},
                }
            ]
        },
    )

    email: str = Field(max_length=320)
    name: Name
    locale: Locale | None = None
    organization: NewOrganization


class Registration(BaseModel):
    """Always the same answer: what goes on is in the mail."""

    status: Literal["accepted"]
