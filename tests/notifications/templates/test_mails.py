"""Every mail, in every language: complete, correct in form, with the support contact."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from chassis.ops.brand import Brand, load_brand
from notifications.templates.catalog import catalog
from notifications.templates.formatting import LANGUAGES
from notifications.templates.render import ACTION_LINK, NotRenderable, Rendered, Renderer

MAILS = sorted(catalog())
LINK = "http://localhost:8080/activate/one-time"
SUBJECTS = {
    "transfer-announcement": {
        "en": "Your Account Transfer to the New {brand} Online Shop",
        "fr": "Transfert de votre compte vers la nouvelle boutique en ligne {brand}",
        "de": "Ihr Kontotransfer zum neuen {brand} Online Shop",
        "it": "Trasferimento del vostro conto al nuovo negozio online {brand}",
    },
    "transfer-reminder": {
        "en": "Reminder: your account moves to the new {brand} Online Shop tomorrow",
        "fr": "Rappel : votre compte passe demain à la nouvelle boutique en ligne {brand}",
        "de": "Erinnerung: Ihr Konto zieht morgen in den neuen {brand} Online Shop um",
        "it": "Promemoria: domani il vostro conto passa al nuovo negozio online {brand}",
    },
    "transfer-welcome": {
        "en": "Welcome to {brand}",
        "fr": "Bienvenue chez {brand}",
        "de": "Willkommen bei {brand}",
        "it": "Welcome to {brand}",
    },
}
VOID = {"meta", "br", "img", "link", "hr", "base"}


class Balanced(HTMLParser):
    """Fails when a tag is closed that was not opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Brand(), "http://localhost:8080")


def rendered(renderer: Renderer, key: str, locale: str, action_url: str = ACTION_LINK) -> Rendered:
    mail = catalog()[key]
    return renderer.render(mail, locale=locale, data=mail.sample, name="Claire Martin", action_url=action_url)


@pytest.mark.parametrize("action_url", [ACTION_LINK, ""], ids=["to activate", "active"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", MAILS)
def test_a_mail_renders_its_sample_with_the_support_contact_in_both_parts(
    renderer: Renderer, key: str, language: str, action_url: str
) -> None:
    mail = rendered(renderer, key, language, action_url)

    assert mail.subject
    for part in (mail.html, mail.text):
        assert "support@portico.example" in part
        assert "+49 (0) 221 5550 1200" in part
        assert "Claire Martin" in part
        for left_over in ("{{", "{%", "}}", "**", "](", "[[", "None", "Undefined"):
            assert left_over not in part
    page = Balanced()
    page.feed(mail.html)
    assert page.open == []
    assert f'<html lang="{language}">' in mail.html
    assert "<" not in mail.text


@pytest.mark.parametrize("key", [key for key in MAILS if catalog()[key].sample])
def test_a_mail_without_its_data_is_refused_instead_of_sent_with_gaps(renderer: Renderer, key: str) -> None:
    for language in LANGUAGES:
        with pytest.raises(NotRenderable):
            renderer.render(catalog()[key], locale=language, data={}, name=None, action_url=ACTION_LINK)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(SUBJECTS))
def test_the_transfer_mails_carry_the_subjects_that_customers_were_told(
    renderer: Renderer, key: str, language: str
) -> None:
    assert rendered(renderer, key, language).subject == SUBJECTS[key][language].format(brand="Portico")


def test_the_vendor_of_the_faq_is_a_brand_file() -> None:
    brand = load_brand(SimpleNamespace(brand_file=Path("deploy/brands/tecalliance.toml")))
    vendor = Renderer(brand, "https://portal.example")

    announcement = rendered(vendor, "transfer-announcement", "fr")
    welcome = rendered(vendor, "transfer-welcome", "fr")

    assert announcement.subject == "Transfert de votre compte vers la nouvelle boutique en ligne TecAlliance"
    assert welcome.subject == "Bienvenue chez TecAlliance"
    assert "sales.shop@tecalliance.net" in welcome.text
    assert "+49 (0) 2203 2020 2400" in welcome.text
    assert "TecAlliance App Portal" in welcome.html
    assert "#00447c" in welcome.html


def test_a_brand_may_replace_a_subject() -> None:
    brand = Brand(name="Acme", subjects={"transfer-welcome": {"en": "{brand} says hello"}})

    assert rendered(Renderer(brand, "https://portal.example"), "transfer-welcome", "en").subject == "Acme says hello"


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("fr", "mercredi 9 décembre 2026"),
        ("de-AT", "Mittwoch, 9. Dezember 2026"),
        ("it_CH", "mercoledì, 9 dicembre 2026"),
        ("en-GB", "Wednesday, 9 December 2026"),
        ("nl", "Wednesday, December 9, 2026"),
        ("nonsense!", "Wednesday, December 9, 2026"),
    ],
)
def test_the_date_is_written_as_the_locale_does_and_unknown_locales_read_english(
    renderer: Renderer, locale: str, written: str
) -> None:
    assert written in rendered(renderer, "transfer-announcement", locale).text


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("fr", "du 1er décembre 2026 au 8 décembre 2026"),
        ("de", "1. Dezember 2026 bis 8. Dezember 2026"),
        ("it", "dal 1º dicembre 2026 all'8 dicembre 2026"),
        ("en", "December 1, 2026 to December 8, 2026"),
    ],
)
def test_days_stand_in_the_sentence_as_its_language_wants(renderer: Renderer, locale: str, written: str) -> None:
    mail = catalog()["subscription-renewed"]
    data = mail.sample | {"first_day": "2026-12-01", "last_day": "2026-12-08"}

    assert written in renderer.render(mail, locale=locale, data=data, name=None).text


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("fr", "9 décembre 2026, 09:15 (heure normale d’Europe centrale)"),
        ("de", "9. Dezember 2026, 09:15 (Mitteleuropäische Normalzeit)"),
        ("it", "9 dicembre 2026, 09:15 (Ora standard dell’Europa centrale)"),
        ("en", "December 9, 2026, 9:15\u202fAM (Central European Standard Time)"),
    ],
)
def test_a_moment_is_told_as_the_language_writes_it(renderer: Renderer, locale: str, written: str) -> None:
    assert written in rendered(renderer, "account-password-changed", locale).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mark_of_the_markup_is_left_in_a_mail(renderer: Renderer, language: str) -> None:
    for key in catalog():
        mail = rendered(renderer, key, language)
        for mark in ("|", "**", "[[", "]]", "{{", "{%"):
            assert mark not in mail.text + mail.html, f"{mark} in {key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_html_stands_in_a_block(renderer: Renderer, language: str) -> None:
    for key in catalog():
        content = rendered(renderer, key, language).html.partition("</h1>")[2].partition("\n</td></tr>")[0]
        between = re.split(r"<(p|h2|ul|ol|table|div)\b.*?</\1>", content, flags=re.DOTALL)[::2]
        assert "".join(between).strip() == "", key


def test_what_customers_entered_cannot_break_the_html(renderer: Renderer) -> None:
    mail = catalog()["transfer-announcement"]
    data = mail.sample | {"organization_name": "<script>alert(1)</script> & Söhne"}

    safe = renderer.render(mail, locale="de", data=data, name="<b>Eve</b>\r\nBcc: x@y.eu")

    assert "<script>" not in safe.html
    assert "<b>Eve" not in safe.html
    assert "&amp; Söhne" in safe.html
    assert "<script>alert(1)</script> & Söhne" in safe.text


def test_a_subject_is_one_line_whatever_the_data(renderer: Renderer) -> None:
    mail = catalog()["license-assigned"]
    data = mail.sample | {"product_name": "Manual\r\nBcc: everybody@example.com"}

    assert "\n" not in renderer.render(mail, locale="en", data=data, name=None).subject


def test_the_one_time_link_stands_only_in_the_mail_that_is_sent(renderer: Renderer) -> None:
    stored = rendered(renderer, "transfer-welcome", "fr")

    sent = stored.with_action_link(LINK)

    assert LINK not in stored.html + stored.text
    assert f'href="{LINK}"' in sent.html
    assert LINK in sent.text
    assert ACTION_LINK not in sent.html + sent.text


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("transfer-welcome", ["Activer votre compte", "Créer mon compte", "Mes licences", "Gérer les utilisateurs"]),
        ("transfer-welcome", ["Nouvel utilisateur", "Soumettre", "Mon compte", "Historique des commandes"]),
        ("transfer-reminder", ["Activer votre compte", "Créer mon compte", "Bienvenue chez Portico"]),
        ("license-assigned", ["Activer votre compte", "Créer mon compte"]),
    ],
)
def test_the_mails_use_the_words_that_the_faq_uses(renderer: Renderer, key: str, words: list[str]) -> None:
    text = rendered(renderer, key, "fr").text
    for word in words:
        assert word in text


def test_the_welcome_explains_in_six_steps_how_to_assign_a_license(renderer: Renderer) -> None:
    for language in LANGUAGES:
        assert "\n  6. " in rendered(renderer, "transfer-welcome", language).text
