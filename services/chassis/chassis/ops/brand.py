"""The brand: whose name, colours and support contact stand on every page and in every mail; configuration."""

import tomllib
from email.utils import formataddr
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

HexColor = Annotated[str, StringConstraints(pattern=r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")]


class HasBrandFile(Protocol):
    """The one setting that a brand is chosen by."""

    brand_file: Path | None


class Colors(BaseModel):
    """The colours of pages and mails."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    primary: HexColor = "#0f5c8c"
    """Header and buttons."""
    accent: HexColor = "#f2a900"
    """Small marks: the step numbers of a list, the current entry of a menu."""
    background: HexColor = "#f3f5f7"
    """Behind the sheet."""
    surface: HexColor = "#ffffff"
    """The sheet that carries the text."""
    text: HexColor = "#10181f"
    """Body text."""
    muted: HexColor = "#55626d"
    """Captions and footers."""


class Brand(BaseModel):
    """A vendor's appearance. All of it has defaults, so a brand file names only what differs."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = "Portico"
    """The brand as customers know it; `{brand}` in the subjects of mails."""
    portal_name: str = "Portico App Portal"
    """What the App Portal is called."""
    shop_name: str = "Portico Online Shop"
    """What the online shop is called."""
    support_email: str = "support@portico.example"
    """Support by e-mail: on every page and in every mail."""
    support_phone: str = "+49 (0) 221 5550 1200"
    """Support by telephone: on every page and in every mail."""
    sender_name: str = "Portico"
    """The name that mails come from."""
    sender_address: str = "no-reply@portico.example"
    """The address that mails come from."""
    website: str = ""
    """The vendor's own site, linked from the footer when given."""
    postal_address: str = ""
    """The vendor's name and address for the footer of mails, on one line."""
    logo_svg: str = ""
    """A logo for the pages as inline SVG; without one the name is written."""
    logo_url: str = ""
    """A logo for mails as the https address of a PNG; mail programs show no SVG. Else the name."""
    colors: Colors = Colors()
    """The colours."""
    subjects: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Subjects that replace the built-in ones, by mail and language; `{brand}` stands for the name."""

    @property
    def sender(self) -> str:
        """The `From` of every mail."""
        return formataddr((self.sender_name, self.sender_address))

    @property
    def support_phone_uri(self) -> str:
        """The telephone number as a `tel:` link; the trunk zero in brackets is not dialled from abroad."""
        dialled = self.support_phone.replace("(0)", "")
        return "tel:" + "".join(sign for sign in dialled if sign.isdigit() or sign == "+")

    def subject(self, mail: str, locale: str) -> str | None:
        """The brand's own subject of a mail in a language, or None where the built-in one stands."""
        subject = self.subjects.get(mail, {}).get(locale)
        return subject.replace("{brand}", self.name) if subject else None


def load_brand(platform: HasBrandFile) -> Brand:
    """The brand named by `BRAND_FILE`, or the built-in one. A ValueError names what is wrong in the file."""
    if platform.brand_file is None:
        return Brand()
    return Brand.model_validate(tomllib.loads(platform.brand_file.read_text(encoding="utf-8")))
