"""What services refuse becomes a page or a sentence next to a field, in the reader's language."""

import pytest

from tests.gateway.pages.conftest import Portal
from tests.gateway.pages.services import HOSTILE, refusal


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "lacks-scope", "dazu nicht berechtigt"),
        (404, "license-not-found", "Diese Lizenz gibt es nicht."),
        (503, "unavailable", "im Moment nicht verfügbar"),
    ],
)
async def test_a_refused_page_is_a_friendly_page(portal: Portal, status: int, code: str, words: str) -> None:
    portal.services.refusals["GET", "/licenses/lic_1"] = refusal(code, status)

    answer = await portal.browser.get("/licenses/lic_1", headers={"Accept-Language": "de"})

    assert answer.status_code == status
    assert words in answer.text


async def test_the_desk_is_for_the_vendors_own_staff(portal: Portal) -> None:
    portal.sign_in("orders:read licenses:read")

    for path in ("/operator/transfers", "/operator/transfers/waves", "/operator/messages"):
        answer = await portal.browser.get(path)

        assert answer.status_code == 403
        assert "vendor&#39;s own staff" in answer.text


async def test_a_session_that_ended_upstream_leads_to_sign_in(portal: Portal) -> None:
    portal.services.refusals["GET", "/licenses"] = refusal("invalid-token", 401)

    answer = await portal.browser.get("/licenses")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/bff/login?return_to=%2Flicenses"


async def test_places_nobody_may_enter_are_not_in_the_navigation(portal: Portal) -> None:
    portal.sign_in("licenses:read licenses:write")

    text = (await portal.browser.get("/")).text

    assert 'href="/licenses"' in text
    assert 'href="/operator/transfers"' not in text
    assert 'href="/account/orders"' not in text
    assert 'href="/account/profile"' in text


async def test_a_wrong_field_has_its_sentence_beside_it(portal: Portal) -> None:
    portal.services.refusals["PATCH", "/customer"] = refusal(
        "invalid-input", 422, errors=[{"pointer": "/vat_id", "code": "invalid_vat_id", "detail": HOSTILE}]
    )

    answer = await portal.browser.post("/account/profile", data={"company": "New", "vat_id": "XX"})

    assert answer.status_code == 422
    assert 'id="vat_id-error">This is not a valid VAT ID.' in answer.text
    assert 'value="New"' in answer.text


async def test_a_sentence_we_do_not_know_is_shown_as_it_came_and_never_as_markup(portal: Portal) -> None:
    portal.services.refusals["POST", "/payment-methods"] = refusal(
        "invalid-input", 422, errors=[{"pointer": "/token", "code": "of_tomorrow", "detail": HOSTILE}]
    )

    answer = await portal.browser.post("/account/payment-methods", data={"token": "tok_x"})

    assert answer.status_code == 422
    assert HOSTILE not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_nothing_but_the_page_is_lost_when_a_service_is_away(portal: Portal) -> None:
    for path in ("/me", "/organizations/org_1"):
        portal.services.refusals["GET", path] = refusal("unavailable", 503)

    answer = await portal.browser.get("/licenses")

    assert answer.status_code == 200
    assert "Anna Muster" in answer.text
