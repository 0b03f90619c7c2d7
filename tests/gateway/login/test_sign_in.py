"""Signing in: authorization code with PKCE, state, nonce and issuer (RFC 9700, RFC 9207, OpenID Connect Core)."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.gateway.conftest import sign_in
from tests.gateway.party import Party, Person


async def test_a_browser_comes_back_signed_in_to_where_it_wanted(
    browser: httpx.AsyncClient, party: Party, anna: Person
) -> None:
    back = await sign_in(browser, party, anna, return_to="/licenses?page=2")

    assert back.headers["location"] == "/licenses?page=2"
    user = (await browser.get("/bff/user")).json()
    assert user["account_id"] == anna.account_id
    assert user["organization_id"] == "org_first"
    assert user["roles"] == ["owner"]


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    browser: httpx.AsyncClient, party: Party, anna: Person
) -> None:
    back = await sign_in(browser, party, anna)

    cookie = next(value for value in back.headers.get_list("set-cookie") if value.startswith("gw="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_no_token_ever_reaches_the_browser(signed_in: httpx.AsyncClient, party: Party) -> None:
    user = await signed_in.get("/bff/user")

    tokens = [*party.refresh_tokens]
    everything = user.text + str(signed_in.cookies)
    assert not any(token in everything for token in tokens)
    assert "eyJ" not in everything


async def test_the_provider_is_asked_with_everything_that_ties_the_answer_to_this_browser(
    browser: httpx.AsyncClient,
) -> None:
    begun = await browser.get("/bff/login")

    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(asked[name][0] for name in ("state", "nonce", "code_challenge"))
    assert "offline_access" in asked["scope"][0].split()
    assert begun.headers["cache-control"] == "no-store"


async def test_the_browser_s_language_is_not_taken_for_a_choice_of_the_person(browser: httpx.AsyncClient) -> None:
    """The provider remembers what it is asked for; the languages of the browser it sees itself, each time."""
    begun = await browser.get("/bff/login", headers={"Accept-Language": "de"})
    chosen = await browser.get("/bff/login?lang=fr")

    assert "ui_locales" not in parse_qs(urlsplit(begun.headers["location"]).query)
    assert parse_qs(urlsplit(chosen.headers["location"]).query)["ui_locales"] == ["fr"]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/x",
        "",
    ],
)
async def test_nobody_is_sent_to_another_site(
    browser: httpx.AsyncClient, party: Party, anna: Person, wanted: str
) -> None:
    back = await sign_in(browser, party, anna, return_to=wanted)

    assert back.headers["location"] == "/"


async def test_several_tabs_sign_in_at_once_without_disturbing_each_other(
    browser: httpx.AsyncClient, party: Party, anna: Person
) -> None:
    first = await browser.get("/bff/login", params={"return_to": "/licenses"})
    second = await browser.get("/bff/login", params={"return_to": "/shop"})

    second_back = await browser.get(party.authorize(second.headers["location"], anna))
    first_back = await browser.get(party.authorize(first.headers["location"], anna))

    assert second_back.headers["location"] == "/shop"
    assert first_back.headers["location"] == "/licenses"


async def test_given_up_sign_ins_do_not_fill_the_cookie_jar(browser: httpx.AsyncClient) -> None:
    for _ in range(15):
        await browser.get("/bff/login")

    assert len([name for name in browser.cookies if name.startswith("gwtx_")]) <= 10


async def test_an_answer_without_the_browsers_own_cookie_is_refused(
    gateway, browser: httpx.AsyncClient, party: Party, anna: Person
) -> None:
    """Login CSRF: an attacker's finished sign-in must not become the victim's session."""
    begun = await browser.get("/bff/login")
    link = party.authorize(begun.headers["location"], anna)

    async with gateway.anonymous() as victim:
        answer = await victim.get(link)

    assert answer.status_code == 400
    assert "gw" not in victim.cookies


async def test_an_answer_counts_once(browser: httpx.AsyncClient, party: Party, anna: Person) -> None:
    begun = await browser.get("/bff/login")
    link = party.authorize(begun.headers["location"], anna)
    jar = dict(browser.cookies)
    await browser.get(link)

    browser.cookies.clear()
    again = await browser.get(link, headers={"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())})

    assert again.status_code == 400


@pytest.mark.parametrize("change", [{"iss": "https://other.example"}, {"iss": ""}])
async def test_an_answer_of_another_provider_is_refused(
    browser: httpx.AsyncClient, party: Party, anna: Person, change: dict[str, str]
) -> None:
    """Mix-up (RFC 9207 §2.4)."""
    begun = await browser.get("/bff/login")
    link = httpx.URL(party.authorize(begun.headers["location"], anna)).copy_merge_params(change)

    answer = await browser.get(link)

    assert answer.status_code == 400
    assert "gw" not in browser.cookies


async def test_an_id_token_of_another_sign_in_is_refused(
    browser: httpx.AsyncClient, party: Party, anna: Person
) -> None:
    begun = await browser.get("/bff/login")
    link = party.authorize(begun.headers["location"], anna)
    next(iter(party.codes.values())).nonce = "another"

    answer = await browser.get(link)

    assert answer.status_code == 400


async def test_a_person_who_gives_up_at_the_provider_is_told_so(browser: httpx.AsyncClient) -> None:
    begun = await browser.get("/bff/login")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]

    answer = await browser.get(
        "/bff/callback", params={"error": "access_denied", "state": state, "iss": "http://localhost:8080"}
    )

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


async def test_signing_in_again_ends_the_session_of_before(
    signed_in: httpx.AsyncClient, gateway, party: Party, anna: Person
) -> None:
    """Session fixation: what was known before the sign-in is worth nothing afterwards."""
    before = signed_in.cookies["gw"]
    await sign_in(signed_in, party, anna)

    async with gateway.anonymous(cookies={"gw": before}) as old:
        assert (await old.get("/bff/user")).status_code == 401
    assert signed_in.cookies["gw"] != before


async def test_a_provider_that_is_away_is_said_so(browser: httpx.AsyncClient, party: Party, anna: Person) -> None:
    begun = await browser.get("/bff/login")
    link = party.authorize(begun.headers["location"], anna)
    party.is_down = True

    answer = await browser.get(link)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
