"""The authorization code flow: RFC 6749 §4.1, OpenID Connect Core 1.0 §3.1."""

import base64
import hashlib

from tests.harness.service import RunningService
from tests.identity.people import active, an_owner, choose_password, link_for
from tests.identity.provider import (
    ISSUER,
    a_browser,
    an_app,
    answer_in,
    ask,
    read_jwt,
    sign_in,
    tokens_for,
    userinfo,
)


async def test_somebody_signs_in_and_the_client_learns_who(identity: RunningService) -> None:
    """OpenID Connect Core §3.1.2.5, §3.1.3.3: from the request over the sign-in page to the tokens."""
    account = await active(identity)
    app = await an_app(identity)
    browser = identity.anonymous()
    asked = app.question()

    to_login = await browser.get("/oauth2/authorize", params=asked)
    page = await browser.get(to_login.headers["location"])
    interaction = answer_in(to_login.headers["location"])["interaction"]
    signed_in = await sign_in(browser, account["email"], interaction=interaction)
    back = await browser.get(signed_in.headers["location"])
    answer = answer_in(back.headers["location"])
    tokens = (await app.redeem(asked, answer)).json()

    assert to_login.headers["location"].startswith("/login?")
    assert 'name="email"' in page.text
    assert 'name="password"' in page.text
    assert answer["state"] == asked["state"]
    assert answer["iss"] == ISSUER
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 300
    header, claims = await read_jwt(identity, tokens["id_token"])
    assert header["alg"] == "ES256"
    assert claims["sub"] == account["id"]
    assert claims["aud"] == app.id
    assert claims["nonce"] == asked["nonce"]
    assert claims["amr"] == ["pwd"]
    assert claims["sid"].startswith("ses_")
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()
    assert claims["at_hash"] == base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


async def test_an_access_token_says_who_may_do_what_where(identity: RunningService) -> None:
    """RFC 9068 §2: type, audience and claims."""
    account = await an_owner(identity)
    async with identity.anonymous() as browser:
        await choose_password(browser, await link_for(identity, account["email"]))
    app = await an_app(identity)

    tokens = await tokens_for(app, await a_browser(identity, account))

    header, claims = await read_jwt(identity, tokens["access_token"])
    assert header["typ"] == "at+jwt"
    assert header["alg"] == "ES256"
    assert claims["iss"] == ISSUER
    assert claims["aud"] == f"{ISSUER}/api"
    assert claims["client_id"] == app.id
    assert claims["sub"] == account["id"]
    assert claims["org"] == account["organization_id"]
    assert claims["roles"] == ["owner"]
    assert claims["email"] == account["email"]
    assert claims["exp"] - claims["iat"] == 300
    assert claims["scope"] == tokens["scope"] == app.registration["scope"]


async def test_scopes_are_narrowed_to_what_the_roles_allow(identity: RunningService) -> None:
    """RFC 6749 §3.3: the answer tells the scopes that were given when they are fewer than those asked for."""
    account = await active(identity, organization={"name": "Muster AG", "country": "CH"}, roles=["license_manager"])
    app = await an_app(identity)

    tokens = await tokens_for(app, await a_browser(identity, account))

    assert tokens["scope"] == "openid profile email offline_access catalog:read licenses:read"


async def test_userinfo_answers_what_the_scopes_cover(identity: RunningService) -> None:
    """OpenID Connect Core §5.3.2, §5.4."""
    account = await active(identity)
    app = await an_app(identity)
    browser = await a_browser(identity, account)

    with_email = await tokens_for(app, browser, scope="openid email")
    bare = await tokens_for(app, browser, scope="openid")

    assert (await userinfo(identity, with_email["access_token"])).json() == {
        "sub": account["id"],
        "email": account["email"],
        "email_verified": True,
    }
    assert (await userinfo(identity, bare["access_token"])).json() == {"sub": account["id"]}


async def test_single_sign_on_needs_no_second_sign_in(identity: RunningService) -> None:
    """OpenID Connect Core §3.1.2.3: the session of one client serves the next."""
    browser = await a_browser(identity, await active(identity))
    first, second = await an_app(identity), await an_app(identity)

    answers = [await ask(browser, app.question()) for app in (first, second)]

    assert all("code" in answer for answer in answers)


async def test_a_posted_request_is_answered_like_any_other(identity: RunningService) -> None:
    """OpenID Connect Core §3.1.2.1: GET and POST."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity)

    answer = await browser.post("/oauth2/authorize", data=app.question())

    assert answer.status_code == 303
    assert "code" in answer_in(answer.headers["location"])


async def test_the_form_post_mode_sends_the_code_in_a_form(identity: RunningService) -> None:
    """OAuth 2.0 Form Post Response Mode §2; without inline script, and leading nowhere but to the client."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity)

    page = await browser.get("/oauth2/authorize", params=app.question(response_mode="form_post"))

    assert page.status_code == 200
    assert 'name="code"' in page.text
    assert 'name="iss"' in page.text
    assert "form-action 'self' http://localhost:9999" in page.headers["content-security-policy"]


async def test_without_openid_there_is_no_id_token(identity: RunningService) -> None:
    """RFC 6749 alone."""
    account = await active(identity, organization={"name": "Muster AG", "country": "CH"}, roles=["owner"])
    app = await an_app(identity)

    tokens = await tokens_for(app, await a_browser(identity, account), scope="orders:read")

    assert "id_token" not in tokens
    assert "refresh_token" not in tokens
    assert (await userinfo(identity, tokens["access_token"])).status_code == 403


async def test_a_client_may_ask_for_rs256_id_tokens(identity: RunningService) -> None:
    """OpenID Connect Core §15.1: every provider can sign with RS256."""
    app = await an_app(identity, id_token_signed_response_alg="RS256")

    tokens = await tokens_for(app, await a_browser(identity, await active(identity)))

    header, _ = await read_jwt(identity, tokens["id_token"])
    assert header["alg"] == "RS256"


async def test_a_form_posted_by_another_site_finds_the_session_too(identity: RunningService) -> None:
    """RFC 6265bis §5.6.7.2: a Lax cookie does not come with it, so the request is looked at again by GET."""
    account = await active(identity)
    app = await an_app(identity)
    browser = await a_browser(identity, account)
    async with identity.anonymous() as without_cookie:
        posted = await without_cookie.post("/oauth2/authorize", data=app.question())

    answer = await browser.get(posted.headers["location"])

    assert "code" in answer_in(answer.headers["location"])
