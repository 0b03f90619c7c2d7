"""Pages: language, escaping, headers, sentences that survive a redirect, refusals fit for people."""

import httpx
import pytest

from chassis.pages.locales import best_of

HOSTILE = "<script>alert('x')</script>"


@pytest.mark.parametrize(
    ("locale", "word"), [("en", "Sign out"), ("fr", "Langue"), ("de", "Sprache"), ("it", "Lingua")]
)
async def test_a_page_is_written_in_the_language_asked_for(browser: httpx.AsyncClient, locale: str, word: str) -> None:
    answer = await browser.get("/things/some", params={"lang": locale})

    assert f'<html lang="{locale}">' in answer.text
    assert word in answer.text or locale == "en"


async def test_the_chosen_language_is_remembered(browser: httpx.AsyncClient) -> None:
    await browser.get("/things/some?lang=it")

    later = await browser.get("/things/some", headers={"Accept-Language": "de"})

    assert '<html lang="it">' in later.text


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("es, de;q=0.4, it;q=0.7", "it"),
        ("de;q=0, en;q=0.1", "en"),
        ("pt-BR", None),
        ("", None),
        (";;;q=x,,de;q=oops", None),
    ],
)
def test_the_best_understood_language_wins(header: str, locale: str | None) -> None:
    assert best_of(header) == locale


async def test_what_people_typed_is_never_markup(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/things/" + HOSTILE.replace("/", "%2F"))

    assert HOSTILE not in answer.text


async def test_a_sentence_survives_one_redirect_and_is_said_once(browser: httpx.AsyncClient) -> None:
    moved = await browser.post("/things", data={"name": HOSTILE})
    first = await browser.get(moved.headers["location"])
    second = await browser.get(moved.headers["location"])

    assert moved.status_code == 303
    assert "Back to the &lt;script&gt;" in first.text
    assert "&lt;script&gt;" not in second.text


async def test_a_forged_sentence_is_ignored(browser: httpx.AsyncClient) -> None:
    for forged in ("bm9uc2Vuc2U", "W10", "WyJrLngiLCJzdWNjZXNzIix7fV0", "%%%"):
        browser.cookies.set("flash", forged, domain="localhost")

        answer = await browser.get("/things/some")

        assert answer.status_code == 200


async def test_every_page_carries_the_strict_headers(browser: httpx.AsyncClient) -> None:
    headers = (await browser.get("/things/some")).headers

    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


async def test_nothing_on_a_page_is_inline(browser: httpx.AsyncClient) -> None:
    text = (await browser.get("/things/some")).text

    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text


async def test_the_support_contact_is_on_the_page(browser: httpx.AsyncClient) -> None:
    text = (await browser.get("/things/some")).text

    assert 'href="mailto:support@portico.example"' in text
    assert 'href="tel:+4922155501200"' in text


@pytest.mark.parametrize(
    ("thing", "status", "words"),
    [("missing", 404, "There is no thing of that name."), ("busy", 429, "a little too fast")],
)
async def test_a_refusal_is_a_page_for_people(browser: httpx.AsyncClient, thing: str, status: int, words: str) -> None:
    answer = await browser.get(f"/things/{thing}")

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert words in answer.text


async def test_a_throttled_page_says_when_to_come_back(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/things/busy")).headers["retry-after"] == "7"


async def test_a_stranger_is_sent_to_sign_in_and_back(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/things/private?tab=2")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/bff/login?return_to=%2Fthings%2Fprivate%3Ftab%3D2"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://localhost:8080/things/form?tab=2", "%2Fthings%2Fform%3Ftab%3D2"),
        ("https://evil.example/things", "%2F"),
        ("http://localhost:8080@evil.example/x", "%2F"),
        ("http://localhost:odd/", "%2F"),
        ("", "%2F"),
    ],
)
async def test_who_was_signed_out_over_a_form_comes_back_to_its_page(
    browser: httpx.AsyncClient, referer: str, back: str
) -> None:
    answer = await browser.post("/private-things", headers={"Referer": referer})

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/bff/login?return_to={back}"


async def test_a_form_without_its_field_is_a_page_too(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/things", data={})

    assert answer.status_code == 422
    assert "cannot be used" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "http://localhost:8080"}, 303),
        ({"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:8081"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8080"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
async def test_forms_are_taken_from_our_own_pages_only(
    browser: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await browser.post("/things", data={"name": "x"}, headers=headers)

    assert answer.status_code == status
