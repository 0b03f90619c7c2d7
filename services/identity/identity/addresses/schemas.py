"""What people say to change their address."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ChangeEmail(BaseModel):
    """The new address; the present password proves that it is you."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"new_email": "anna@new.example", "current_password": "a quiet harbour at dawn"}]
        },
    )

    new_email: str = Field(max_length=320)
    current_password: str = Field(max_length=4096)


class EmailChange(BaseModel):
    """Always the same answer: what goes on is in the mail to the new address."""

    status: Literal["accepted"]
