"""Sentences: complete in every language, chosen by count, loud when missing, escaped when they hold markup."""

import string

import pytest

from chassis.pages import LOCALES, MissingTranslation, Translations
from chassis.pages.formatting import day, instant, localized, money, number

kit = Translations()


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_kit_speaks_every_language_completely(locale: str) -> None:
    english, other = kit.sentences["en"], kit.sentences[locale]

    assert english.keys() == other.keys()
    assert all(sentence.strip() for sentence in other.values())
    assert {key: fields(text) for key, text in other.items()} == {key: fields(t) for key, t in english.items()}


def test_a_missing_sentence_is_an_error_where_we_test_and_english_where_we_serve() -> None:
    with pytest.raises(MissingTranslation):
        kit.say("fr", "kit.nothing")

    assert Translations(strict=False).say("fr", "kit.nothing") == "kit.nothing"


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en", "€1,290.50"), ("fr", "1 290,50 €"), ("de", "1.290,50 €"), ("it", "1.290,50 €")],
)
def test_money_is_written_as_people_write_it(locale: str, written: str) -> None:
    text = money({"amount": 129050, "currency": "EUR"}, locale)

    assert text.replace("\u202f", " ").replace("\xa0", " ") == written


def test_currencies_without_cents_have_none() -> None:
    assert money({"amount": 1200, "currency": "JPY"}, "en") == "JP¥1,200"


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en", "25 Nov 2026"), ("fr", "25 nov. 2026"), ("de", "25.11.2026"), ("it", "25 nov 2026")],
)
def test_days_are_written_as_people_write_them(locale: str, written: str) -> None:
    assert day("2026-11-25", locale) == written


@pytest.mark.parametrize(("locale", "written"), [("fr", "1er déc. 2026"), ("it", "1º dic 2026"), ("de", "01.12.2026")])
def test_the_first_of_a_month_is_an_ordinal_where_it_is_said_so(locale: str, written: str) -> None:
    assert day("2026-12-01", locale) == written


@pytest.mark.parametrize(("locale", "written"), [("en", "26 Nov 2026, 00:30"), ("de", "26.11.2026, 00:30")])
def test_an_instant_is_told_in_the_customers_time_zone(locale: str, written: str) -> None:
    assert instant("2026-11-25T23:30:00Z", locale, "Europe/Paris") == written


def test_nothing_is_a_dash() -> None:
    assert {day(None, "en"), instant(None, "en"), money(None, "en"), number(None, "en")} == {"–"}


def test_a_text_in_several_languages_falls_back_to_english() -> None:
    assert localized({"en": "Catalogue", "fr": ""}, "fr") == "Catalogue"
    assert localized("plain", "de") == "plain"
    assert localized(None, "de") == ""
