"""What clients see of applications, and what operators say about them."""

import re
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from identity.members.schemas import Role

LANGUAGES = ("en", "fr", "de", "it")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
ODD = re.compile(r"[\x00-\x20\x7f\\]")
"""Browsers drop or turn these, and then read a path as a host (`/\\evil.example`)."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._\-]{0,63}$")]


class InEveryLanguage(BaseModel):
    """A text in the four languages of the product; those left out repeat the English one."""

    model_config = ConfigDict(extra="forbid")

    en: Text
    fr: Text | None = None
    de: Text | None = None
    it: Text | None = None

    def complete(self) -> dict[str, str]:
        """The text in every language."""
        return {language: getattr(self, language) or self.en for language in LANGUAGES}


def _in_every_language(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


def _openable(url: str) -> str:
    """An address of our own origin, or an https one; http on loopback, where development happens."""
    if ODD.search(url):
        raise ValueError("Use an address without blanks and backslashes.")
    if url.startswith("/") and not url.startswith("//"):
        return url
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.hostname or parts.username is not None:
        raise ValueError("Use an https address, or a path that starts with /.")
    return url


Wording = Annotated[InEveryLanguage, BeforeValidator(_in_every_language)]
LaunchUrl = Annotated[str, Field(max_length=2000), AfterValidator(_openable)]
Icon = Annotated[str, Field(max_length=2000), AfterValidator(_openable)]
VisibleTo = Literal["entitled", "everyone"] | Annotated[list[Role], Field(min_length=1)]


class ApplicationOut(BaseModel):
    """Something the App Portal can open."""

    model_config = ConfigDict(title="Application")

    id: str
    code: str
    name: dict[str, str]
    description: dict[str, str]
    category: str
    launch_url: str
    icon: str | None
    client_id: str | None
    visible_to: Literal["entitled", "everyone"] | list[Role]
    created_at: datetime


class CreateApplication(BaseModel):
    """A new application; texts in one language or in all four."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "catalog",
                    "name": {"en": "Parts catalog", "de": "Teilekatalog"},
                    "description": "Finds the right part",
                    "category": "applications",
                    "launch_url": "https://catalog.example/",
                    "visible_to": "entitled",
                }
            ]
        },
    )

    code: Code
    name: Wording
    description: Wording = Field(default_factory=lambda: InEveryLanguage(en=""))
    category: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = "applications"
    launch_url: LaunchUrl
    icon: Icon | None = None
    client_id: Annotated[str, Field(max_length=200)] | None = None
    visible_to: VisibleTo = "entitled"


class ChangeApplication(BaseModel):
    """Only what shall be different; the code stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"launch_url": "https://new.example/"}]})

    name: Wording = Field(default=None)
    description: Wording = Field(default=None)
    category: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = Field(
        default=None
    )
    launch_url: LaunchUrl = Field(default=None)
    icon: Icon | None = None
    client_id: Annotated[str, Field(max_length=200)] | None = None
    visible_to: VisibleTo = Field(default=None)


class App(BaseModel):
    """A tile of the caller's App Portal, in the caller's language."""

    id: str
    code: str
    name: str
    description: str
    icon: str | None
    category: str
    launch_url: str
    reason: Literal["everyone", "role", "assigned", "one_off", "grace"]
    valid_until: datetime | None
