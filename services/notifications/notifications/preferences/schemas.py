"""Notification preferences as a person sees them."""

from pydantic import BaseModel, ConfigDict, Field, field_validator


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
    """The optional kinds of mail by their code; those not named stay as they are. What GET answers is taken too."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"categories": {"service": False}}]})

    categories: dict[str, bool]
    email: str | None = Field(default=None, description="Ignored: it is the caller's own.")

    @field_validator("categories", mode="before")
    @classmethod
    def _by_code(cls, sent: object) -> object:
        if isinstance(sent, list) and all(isinstance(item, dict) and "code" in item for item in sent):
            return {item["code"]: item.get("enabled") for item in sent}
        return sent
