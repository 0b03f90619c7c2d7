"""The sentences of a package in every locale, and how a key becomes one of them."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from markupsafe import Markup, escape

from chassis.pages.locales import DEFAULT_LOCALE, LOCALES, formats_of

KIT = "chassis.pages"


class MissingTranslation(LookupError):
    """A key has no sentence in a locale."""


class Translations:
    """Every sentence of the kit and of `packages`, by locale and dotted key.

    `strict` makes a missing key an error; otherwise the English sentence, or the key itself, stands in.
    """

    def __init__(self, *packages: str, strict: bool = True) -> None:
        self.strict = strict
        self.sentences: dict[str, dict[str, str]] = {locale: {} for locale in LOCALES}
        for package in dict.fromkeys((KIT, *packages)):
            for locale in LOCALES:
                self._add(package, locale)

    def say(self, locale: str, key: str, **values: Any) -> str:
        """The sentence `key` in `locale`, `{name}`s filled in; `count` chooses between `one` and `other`."""
        sentence = self._find(locale, key, values.get("count"))
        if key.endswith("_html"):
            return Markup(sentence).format(**values)  # noqa: S704 - our own sentence; values are escaped
        return sentence.format(**values) if values else sentence

    def has(self, key: str) -> bool:
        """Whether there is such a sentence at all."""
        return key in self.sentences[DEFAULT_LOCALE]

    def _find(self, locale: str, key: str, count: Any) -> str:
        sentences = self.sentences[locale]
        if count is not None and f"{key}.other" in sentences:
            form = formats_of(locale).plural_form(count)
            return sentences.get(f"{key}.{form}", sentences[f"{key}.other"])
        if key in sentences:
            return sentences[key]
        if self.strict:
            raise MissingTranslation(f"No sentence {key!r} in {locale!r}.")
        return self.sentences[DEFAULT_LOCALE].get(key, str(escape(key)))

    def _add(self, package: str, locale: str) -> None:
        for source in _sources(package, locale):
            table = tomllib.loads(source.read_text("utf-8"))
            for key, sentence in _flatten(table):
                if key in self.sentences[locale]:
                    raise ValueError(f"{key!r} is said twice in {locale!r} ({package}, {source.name}).")
                self.sentences[locale][key] = sentence


def _sources(package: str, locale: str) -> list[Traversable]:
    folder = files(package) / "translations"
    whole, parts = folder / f"{locale}.toml", folder / locale
    found = [whole] if whole.is_file() else []
    if parts.is_dir():
        found += sorted((part for part in parts.iterdir() if part.name.endswith(".toml")), key=lambda part: part.name)
    return found


def _flatten(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
