"""The portal's sentences: the same keys in every language, none empty, the words customers were told."""

import string

import pytest

from chassis.pages import LOCALES, Translations
from gateway.pages.visit import PACKAGE

words = Translations(PACKAGE)


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_is_complete(locale: str) -> None:
    english, other = words.sentences["en"], words.sentences[locale]

    assert english.keys() == other.keys()
    assert all(sentence.strip() for sentence in other.values())
    assert {key: fields(text) for key, text in other.items()} == {key: fields(t) for key, t in english.items()}


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("fr", "Mes licences"),
        ("fr", "Gérer les utilisateurs"),
        ("fr", "Nouvel utilisateur"),
        ("fr", "Changer d'utilisateur"),
        ("fr", "Désactiver"),
        ("fr", "Soumettre"),
        ("fr", "Mon compte"),
        ("fr", "Historique des commandes"),
        ("fr", "Ma liste de souhaits"),
        ("en", "My licenses"),
        ("en", "Manage users"),
        ("en", "New user"),
        ("en", "Change user"),
        ("en", "Deactivate"),
        ("en", "Submit"),
        ("en", "My account"),
        ("en", "Order history"),
        ("en", "My wish list"),
    ],
)
def test_the_pages_use_the_words_customers_were_told(locale: str, sentence: str) -> None:
    assert sentence in words.sentences[locale].values()
