"""What operators read about imports and transfers: in their language, with the numbers that the services tell."""

import re
from html import unescape

import pytest

from tests.gateway.pages.conftest import Portal
from tests.gateway.pages.services import refusal


async def words_of(portal: Portal, path: str, locale: str) -> str:
    """The words of a page, without its markup."""
    answer = await portal.browser.get(path, headers={"Accept-Language": locale})
    assert answer.status_code == 200
    return words_in(answer.text)


def words_in(page: str) -> str:
    """What people read of it."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


async def test_an_import_tells_what_changed_at_the_source_by_customer_and_by_file(portal: Portal) -> None:
    words = await words_of(portal, "/operator/transfers/imports/imp_1", "fr")

    assert "Nouveaux 1 Modifiés 2 Inchangés 37 Plus mentionnés 0 Plus anciens que l'état connu 3" in words
    assert "customers.csv 0 1 0 subscriptions.csv 0 0 1" in words
    assert "Afficher toutes les modifications" in words


async def test_every_change_at_the_source_can_be_read(portal: Portal) -> None:
    words = await words_of(portal, "/operator/transfers/imports/imp_1/changes", "de")

    assert "customers.csv C10023 C10023 company Diepholz AG → " in words
    assert "vat_id – → DE1" in words
    assert "subscriptions.csv C10023 C10023 Entfernt" in words


async def test_an_import_under_way_tells_how_far_it_is(portal: Portal) -> None:
    words = await words_of(portal, "/operator/transfers/imports/imp_2/progress", "en")

    assert "1,200 rows read, now orders.csv." in words


@pytest.mark.parametrize("locale", ["fr", "de", "it"])
async def test_only_a_code_of_tomorrow_is_told_in_the_words_of_the_service(portal: Portal, locale: str) -> None:
    words = await words_of(portal, "/operator/transfers/imports/imp_1", locale)

    assert words.count("This is not one valid e-mail address.") == 1
    assert words.count("It says") == 1


async def test_a_timeline_speaks_to_people_and_names_the_mails_by_their_subjects(portal: Portal) -> None:
    words = await words_of(portal, "/operator/transfers/trf_1", "fr")

    assert "Annoncé" in words
    assert "automatiquement Jour du transfert 9 déc. 2026" in words
    assert "system" not in words
    assert "transfer-announcement" not in words
    assert "msg_1" not in words


async def test_each_customer_that_a_wave_cannot_take_is_named_in_the_language_of_the_page(portal: Portal) -> None:
    wrong = [("/customers/0", "unknown_customer"), ("/customers/2", "in_another_wave"), ("/transfer_on", "in_the_past")]
    errors = [{"pointer": pointer, "code": code, "detail": "In English."} for pointer, code in wrong]
    portal.services.refusals["POST", "/transfer-waves"] = refusal("unusable-wave", 422, errors=errors)
    form = {"name": "Pilot", "transfer_on": "2026-01-01", "customers": "C1; C2, C3"}

    answer = await portal.browser.post("/operator/transfers/waves", data=form, headers={"Accept-Language": "fr"})
    words = words_in(answer.text)

    assert answer.status_code == 422
    assert "C1: Aucune importation ne mentionne ce client. C3: Ce client est dans une autre vague." in words
    assert "Ce jour est passé." in words
    assert "In English." not in words


async def test_what_an_upload_lacks_is_told_by_place_in_the_language_of_the_page(portal: Portal) -> None:
    errors = [
        {"pointer": "/bundle/orders.csv", "code": "missing_file", "detail": "In English."},
        {"pointer": "/bundle/customers.csv/email", "code": "missing_column", "detail": "In English."},
    ]
    portal.services.refusals["POST", "/transfer-imports"] = refusal("upload-refused", 422, errors=errors)
    files = [("bundle", ("customers.csv", b"id\n", "text/csv"))]

    answer = await portal.browser.post("/operator/transfers/imports", files=files, headers={"Accept-Language": "it"})
    words = words_in(answer.text)

    assert "orders.csv Questo file manca." in words
    assert "customers.csv/email Questa colonna manca." in words
    assert "In English." not in words
