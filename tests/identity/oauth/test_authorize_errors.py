"""Errors of the authorization endpoint: RFC 6749 §4.1.2.1, RFC 9700 §4.11, RFC 9207 §2."""

import html
from typing import Any

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import CALLBACK, ISSUER, a_browser, an_app, ask


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": 'code"\\é'}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "openid unheard:of"}, "invalid_scope"),
        ({"scope": "openid operator:write"}, "invalid_scope"),
        ({"scope": "internal"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "٣"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://attacker.example/request.jwt"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
        ({"id_token_hint": "e30.e30.e30"}, "invalid_request"),
        ({"dpop_jkt": "short"}, "invalid_request"),
    ],
)
async def test_the_client_is_told_what_is_wrong(identity: RunningService, changes: dict[str, Any], error: str) -> None:
    """RFC 6749 §4.1.2.1: by redirect, with the state; RFC 9207 §2: with the issuer, also in errors."""
    app = await an_app(identity)
    asked = app.question(**changes)
    async with identity.anonymous() as browser:
        answer = await ask(browser, asked)

    assert answer["error"] == error
    assert answer["state"] == asked["state"]
    assert answer["iss"] == ISSUER
    assert "code" not in answer


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "cli_unheard_of"},
        {"client_id": "x" * 5000},
        {"redirect_uri": None},
        {"redirect_uri": "https://attacker.example/"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?more=1"},
        {"redirect_uri": CALLBACK.upper()},
        {"redirect_uri": CALLBACK.replace("9999", "9998")},
        {"redirect_uri": CALLBACK + "/../callback"},
        {"redirect_uri": "http://localhost:9999@attacker.example/callback"},
        {"redirect_uri": 'http://localhost:9999/callback"\\é'},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "//attacker.example/callback"},
        {"request_uri": "urn:ietf:params:oauth:request_uri:unheard-of"},
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_the_client_s(
    identity: RunningService, changes: dict[str, Any]
) -> None:
    """RFC 9700 §4.11.2: a page for the person instead, and never a redirect."""
    app = await an_app(identity)
    async with identity.anonymous() as browser:
        answer = await browser.get("/oauth2/authorize", params=app.question(**changes))

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The application that sent you here is not known."),
        ("fr", "L’application qui vous a envoyé ici n’est pas connue."),
        ("de", "Die Anwendung, von der Sie kommen, ist nicht bekannt."),
        ("it", "L’applicazione da cui provenite non è conosciuta."),
    ],
)
async def test_the_page_says_why_in_every_language(identity: RunningService, language: str, sentence: str) -> None:
    async with identity.anonymous(headers={"Accept-Language": language}) as browser:
        answer = await browser.get("/oauth2/authorize", params={"client_id": "cli_unheard_of"})

    assert sentence in html.unescape(answer.text)


async def test_a_disabled_client_is_unknown(identity: RunningService) -> None:
    """It acts at once."""
    app = await an_app(identity)
    async with identity.operator() as operator:
        await operator.patch(f"/api/v1/clients/{app.id}", json={"status": "disabled"})
    async with identity.anonymous() as browser:
        answer = await browser.get("/oauth2/authorize", params=app.question())

    assert answer.status_code == 400


async def test_parameters_come_once(identity: RunningService) -> None:
    """RFC 6749 §3.1."""
    app = await an_app(identity)
    asked = [*app.question().items(), ("scope", "openid")]
    async with identity.anonymous() as browser:
        answer = await browser.get("/oauth2/authorize", params=asked)

    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_the_redirect_uri_may_have_a_query(identity: RunningService) -> None:
    """RFC 6749 §3.1.2: it is kept."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity, redirect_uris=[CALLBACK + "?tenant=7"])

    answer = await browser.get("/oauth2/authorize", params=app.question())

    assert answer.headers["location"].startswith(CALLBACK + "?tenant=7&code=")


async def test_native_applications_choose_their_port(identity: RunningService) -> None:
    """RFC 8252 §7.3: on the loopback interface, with the same path."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(
        identity,
        application_type="native",
        token_endpoint_auth_method="none",
        redirect_uris=["http://127.0.0.1/callback", "com.example.app:/callback"],
    )

    with_port = await ask(browser, app.question(redirect_uri="http://127.0.0.1:54321/callback"))
    custom = await ask(browser, app.question(redirect_uri="com.example.app:/callback"))
    elsewhere = await browser.get("/oauth2/authorize", params=app.question(redirect_uri="http://127.0.0.1:54321/other"))

    assert "code" in with_port
    assert "code" in custom
    assert elsewhere.status_code == 400


async def test_people_without_any_of_the_scopes_are_refused(identity: RunningService) -> None:
    """Nobody gets a token that allows nothing."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity)

    answer = await ask(browser, app.question(scope="orders:read"))

    assert answer["error"] == "invalid_scope"
