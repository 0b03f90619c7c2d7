"""Mails as templates, for operators and translators."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Template(BaseModel):
    """One kind of mail."""

    key: str
    description: str
    category: str
    mandatory: bool = Field(description="Whether it is sent whatever the person's preferences are.")
    locales: list[str]
    subjects: dict[str, str] = Field(description="The subject by locale, rendered with the sample.")
    sample: dict[str, Any] = Field(description="Example data; the names are those that the texts may use.")


class PreviewTemplate(BaseModel):
    """What to render a mail with."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"locale": "fr"}]})

    locale: str | None = Field(default=None, description="Such as `fr` or `de-AT`; all languages when left out.")
    data: dict[str, Any] | None = Field(default=None, description="Data instead of the sample.")
    name: str | None = Field(default="Claire Martin", description="The recipient's name.")
    action: Literal["link", "none"] = Field(
        default="link", description="Whether the reader still has an account to activate or recover."
    )


class Preview(BaseModel):
    """A mail as it would be read."""

    locale: str
    subject: str
    html: str
    text: str


class Previews(BaseModel):
    """A mail in each locale that was asked for."""

    key: str
    items: list[Preview]
