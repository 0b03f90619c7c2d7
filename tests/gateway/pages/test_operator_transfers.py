"""What operators read about imports and transfers: in their language, with the numbers that the services tell."""

import re
from html import unescape

import pytest

from tests.gateway.pages.conftest import Portal


async def words_of(portal: Portal, path: str, locale: str) -> str:
    """The words of a page, without its markup."""
    answer = await portal.browser.get(path, headers={"Accept-Language": locale})
    assert answer.status_code == 200
    return " ".join(unescape(re.sub("<[^>]+>", " ", answer.text)).split())


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
