"""Data and a language become subject, HTML and text in the brand's look. A missing variable is an error."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateError
from markupsafe import Markup

from chassis.ops.brand import Brand
from notifications.templates.catalog import Mail, catalog
from notifications.templates.formatting import FILTERS, LANGUAGES, language_of
from notifications.templates.styles import styles_of

ACTION_LINK = "https://action-link.invalid/"
"""Stands in the stored copy where the one-time link stood in the mail that was sent."""

PAGES = {
    "portal": "/",
    "licenses": "/licenses",
    "shop": "/shop",
    "orders": "/account/orders",
    "legacy_orders": "/account/orders/legacy",
    "subscriptions": "/account/subscriptions",
    "payment_methods": "/account/payment-methods",
    "profile": "/account/profile",
    "recover": "/recover",
}


@dataclass(frozen=True)
class Rendered:
    """A mail ready to be read."""

    subject: str
    html: str
    text: str

    def with_action_link(self, url: str) -> "Rendered":
        """The same with the one-time link in its place."""
        return Rendered(
            subject=self.subject,
            html=self.html.replace(ACTION_LINK, escape(url)),
            text=self.text.replace(ACTION_LINK, url),
        )


class NotRenderable(Exception):
    """The data lacks something that the mail needs: `str()` says what."""


@dataclass(frozen=True)
class _Compiled:
    subject: Template
    preview: Template
    html: Template
    text: Template


class Renderer:
    """Renders the catalog's mails for one brand; a template is compiled when it is needed first, and once."""

    def __init__(self, brand: Brand, public_url: str) -> None:
        self._brand = brand
        self._links = {name: public_url + path for name, path in PAGES.items()}
        self._styles = styles_of(brand.colors)
        self._html = _environment(autoescape=True)
        self._plain = _environment(autoescape=False)
        texts = files("notifications.templates")
        self._wording = tomllib.loads((texts / "wording.toml").read_text(encoding="utf-8"))
        self._layout_html = self._html.from_string((texts / "layout.html").read_text(encoding="utf-8"))
        self._layout_text = self._plain.from_string((texts / "layout.txt").read_text(encoding="utf-8"))
        self.example_link = f"{public_url}/activate/example"
        self._mails: dict[tuple[str, str], _Compiled] = {}
        self._welcome_subjects = {
            language: self._subject("transfer-welcome", language, {"brand": brand}) for language in LANGUAGES
        }

    def render(
        self, mail: Mail, *, locale: str, data: Mapping[str, Any], name: str | None, action_url: str = ""
    ) -> Rendered:
        """Subject, HTML and text of `mail` in the language of `locale`. Raises NotRenderable."""
        language = language_of(locale)
        context = self._context(mail, locale, data, name, action_url)
        try:
            compiled = self._compiled(mail.key, language)
            context["subject"] = self._subject(mail.key, language, context)
            context["preview"] = compiled.preview.render(context)
            content = Markup(compiled.html.render(context))  # noqa: S704 - escaped by its own template
            html = self._layout_html.render(context, content=content)
            text = self._layout_text.render(context, content=compiled.text.render(context).strip())
        except (TemplateError, KeyError, TypeError, ValueError) as error:
            raise NotRenderable(f"{mail.key} in {language}: {error}") from error
        return Rendered(subject=context["subject"], html=html, text=_tidy(text))

    def _compiled(self, key: str, language: str) -> _Compiled:
        known = self._mails.get((key, language))
        if known is None:
            source = catalog()[key].sources[language]
            known = self._mails[key, language] = _Compiled(
                subject=self._plain.from_string(source.subject),
                preview=self._plain.from_string(source.preview),
                html=self._html.from_string(source.html),
                text=self._plain.from_string(source.text),
            )
        return known

    def _context(
        self, mail: Mail, locale: str, data: Mapping[str, Any], name: str | None, action_url: str
    ) -> dict[str, Any]:
        wording = self._wording[language_of(locale)]
        greeting = wording["greeting"].format(name=name) if name else wording["greeting_unnamed"]
        return {
            **data,
            "brand": self._brand,
            "links": self._links,
            "styles": self._styles,
            "wording": wording,
            "locale": locale,
            "language": language_of(locale),
            "greeting": greeting,
            "team": wording["team"].format(brand=self._brand.name),
            "is_optional": mail.is_optional,
            "action_url": action_url,
            "welcome_subject": self._welcome_subjects[language_of(locale)],
        }

    def _subject(self, key: str, language: str, context: dict[str, Any]) -> str:
        own = self._brand.subject(key, language)
        return " ".join((own or self._compiled(key, language).subject.render(context)).split())


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        autoescape=autoescape,  # noqa: S701 - off for plain text and subjects only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
