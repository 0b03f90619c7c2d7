"""The mails there are: a folder each, described by its `mail.toml`. A new mail is a new folder, nothing else."""

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from notifications.templates.formatting import LANGUAGES
from notifications.templates.markup import Source, compile_mail

Category = Literal[
    "account", "transfer", "license", "order", "service", "seats_low", "seats_waiting", "license_expiring", "marketing"
]
OPTIONAL_CATEGORIES: tuple[Category, ...] = ("service", "seats_low", "seats_waiting", "license_expiring", "marketing")


@dataclass(frozen=True)
class Mail:
    """One kind of mail.

    `priority`: 0 goes out before 1 when many wait. `on_uncertain`: what to do when nobody knows whether the mail
    server took the mail: `resend` under the same Message-ID, or `hold` for an operator (mails that ask for money).
    """

    key: str
    description: str
    category: Category
    priority: int = 5
    on_uncertain: Literal["resend", "hold"] = "resend"
    sources: dict[str, Source] = field(default_factory=dict, repr=False)
    sample: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_optional(self) -> bool:
        """Whether a person may switch mails of this kind off."""
        return self.category in OPTIONAL_CATEGORIES


@cache
def catalog() -> dict[str, Mail]:
    """Every mail by its key, read once."""
    folders = sorted(files("notifications.templates").iterdir(), key=lambda entry: entry.name)
    return {folder.name: _read(folder) for folder in folders if (folder / "mail.toml").is_file()}


def _read(folder: Traversable) -> Mail:
    described = tomllib.loads((folder / "mail.toml").read_text(encoding="utf-8"))
    return Mail(
        key=folder.name,
        sources={
            language: compile_mail((folder / f"{language}.mail").read_text(encoding="utf-8")) for language in LANGUAGES
        },
        sample=json.loads((folder / "sample.json").read_text(encoding="utf-8")),
        **described,
    )
