"""Mails tell people what to click; the pages must call it the same, in every language."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MAILS = ROOT / "services/notifications/notifications/templates"
PAGES = (ROOT / "services/identity/identity/translations", ROOT / "gateway/gateway/pages/translations")
QUOTED = {
    "en": re.compile(r"“\[?([^”\]{}]+)"),
    "fr": re.compile(r"«[\s\u202f\xa0]*\[?([^»\]{}]+?)[\s\u202f\xa0]*[»\]]"),
    "de": re.compile(r"„\[?([^“\]{}]+)"),
    "it": re.compile(r"«\[?([^»\]{}]+)"),
}


BUTTON = re.compile(r"\[\[(.+?) -> ")
"""What stands on a button of the mail itself."""


@pytest.mark.parametrize("language", sorted(QUOTED))
def test_what_a_mail_tells_to_click_is_on_a_page(language: str) -> None:
    quoted = {
        label for mail in MAILS.glob(f"*/{language}.mail") for label in QUOTED[language].findall(mail.read_text())
    }
    written = {text for folder in PAGES for file in (folder / language).glob("*.toml") for text in texts_of(file)}
    buttons = {label for mail in MAILS.glob(f"*/{language}.mail") for label in BUTTON.findall(mail.read_text())}

    assert quoted
    assert quoted - buttons - written == set()


@pytest.mark.parametrize("language", sorted(QUOTED))
def test_the_page_before_the_sign_in_names_the_button_of_the_welcome_mail(language: str) -> None:
    portal = tomllib.loads((PAGES[1] / language / "portal.toml").read_text())
    mail = (MAILS / "transfer-welcome" / f"{language}.mail").read_text()

    assert QUOTED[language].findall(portal["welcome"]["first_time_text"]) == BUTTON.findall(mail)[:1]


def texts_of(file: Path) -> Iterator[str]:
    return leaves(tomllib.loads(file.read_text()))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    else:
        yield str(value)
