"""Notification preferences as a person sees them."""

from pydantic import BaseModel, ConfigDict, Field


class CategoryPreference(BaseModel):
    """One kind of mail."""

    code: str
    name: str
    description: str
    mandatory: bool = Field(description="Whether these mails are always sent.")
    enabled: bool


class NotificationPreferences(BaseModel):
    """Which mails a person gets."""

    email: str
    categories: list[CategoryPreference]


class ChangeNotificationPreferences(BaseModel):
    """The optional kinds of mail by their code; those not named stay as they are."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"categories": {"service": False}}]})

    categories: dict[str, bool]
