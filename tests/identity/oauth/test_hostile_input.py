"""Whatever is sent, the answer is an answer: RFC 6749 §5.2, RFC 9700 §4; never a 500."""

import itertools

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, sign_in

ENDPOINTS = ("token", "par", "revoke", "introspect")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODIES = [
    b"",
    b"\xff\xfe",
    b"%ff=%ff",
    b"grant_type=%00",
    b"client_id=%00&client_secret=x&grant_type=client_credentials&token=x",
    b"client_id=gateway&client_secret=%e9&grant_type=client_credentials&token=x",
    b"client_id=gateway&client_secret=%C3%A9&grant_type=client_credentials&token=x",
    b"client_id=gateway&client_secret=x&client_id=gateway&grant_type=client_credentials",
    b"grant_type=client_credentials&grant_type=client_credentials",
    b"grant_type=" + b"x" * 10_000,
    b"x" * 200_000,
    b"&".join(b"a%d=1" % number for number in range(500)),
    b"client_assertion=..&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    b"client_assertion=%22%5C&client_assertion_type=%22",
    b"scope=%ED%A0%80&grant_type=client_credentials&client_id=operator-cli",
    b'{"grant_type": "client_credentials"}',
]


@pytest.mark.parametrize(("endpoint", "body"), list(itertools.product(ENDPOINTS, BODIES)))
async def test_the_server_side_endpoints_refuse_nonsense(identity: RunningService, endpoint: str, body: bytes) -> None:
    async with identity.anonymous() as http:
        answer = await http.post(f"/oauth2/{endpoint}", content=body, headers=FORM)

    assert answer.status_code in (400, 401), answer.text
    assert answer.json()["error"] in ("invalid_request", "invalid_client", "unsupported_grant_type")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
async def test_json_bodies_are_not_forms(identity: RunningService, endpoint: str) -> None:
    async with identity.anonymous() as http:
        answer = await http.post(f"/oauth2/{endpoint}", json={"grant_type": "client_credentials"})

    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("endpoint", ENDPOINTS)
async def test_get_is_not_a_way_to_send_secrets(identity: RunningService, endpoint: str) -> None:
    """RFC 6749 §3.2."""
    async with identity.anonymous() as http:
        answer = await http.get(f"/oauth2/{endpoint}")

    assert answer.status_code == 405


@pytest.mark.parametrize("grant_type", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", '"\\é'])
async def test_other_grant_types_are_unsupported(identity: RunningService, grant_type: str) -> None:
    """RFC 6749 §5.2."""
    app = await an_app(identity)

    answer = await app.post("/oauth2/token", grant_type=grant_type)

    assert answer.json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "authorization_code"},
        {"grant_type": "authorization_code", "code": ""},
        {"grant_type": "refresh_token"},
    ],
)
async def test_missing_parameters_are_named(identity: RunningService, form: dict[str, str]) -> None:
    app = await an_app(identity)

    answer = await app.post("/oauth2/token", **form)

    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("code", ["x", "ac_" + "x" * 5000, "é", "'; DROP TABLE grants; --"])
async def test_unknown_codes_are_invalid_grants(identity: RunningService, code: str) -> None:
    app = await an_app(identity)

    answer = await app.post("/oauth2/token", grant_type="authorization_code", code=code, redirect_uri="é")

    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "path",
    [
        "/oauth2/authorize?client_id=%00",
        "/oauth2/authorize?client_id=%ff",
        "/oauth2/authorize?client_id=gateway&redirect_uri=%22%5C%C3%A9",
        "/oauth2/authorize?client_id=gateway&redirect_uri=http%3A%2F%2F%5B",
        "/oauth2/authorize?request_uri=urn:ietf:params:oauth:request_uri:%00",
        "/oauth2/authorize/continue",
        "/oauth2/authorize/continue?interaction=%00",
        "/oauth2/logout?id_token_hint=%00",
        "/oauth2/logout?post_logout_redirect_uri=x&client_id=%ff",
        "/consent",
        "/consent?interaction=nonsense",
    ],
)
async def test_the_browser_s_endpoints_answer_with_a_page(identity: RunningService, path: str) -> None:
    async with identity.anonymous() as browser:
        answer = await browser.get(path)

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("cookie", ["", "x", "é".encode().decode("latin-1"), "x" * 4000, "a;b", "%00"])
async def test_any_cookie_is_taken(identity: RunningService, cookie: str) -> None:
    app = await an_app(identity)
    header = f"op={cookie}; known={cookie}; lang={cookie}".encode("latin-1")
    async with identity.anonymous() as browser:
        answer = await browser.get("/oauth2/authorize", params=app.question(), headers={b"Cookie": header})

    assert answer.status_code == 303


@pytest.mark.parametrize(
    "state", ["é", "a b&c=d#e", '"><script>alert(1)</script>', "x" * 2000, "\u4e16\u754c", "%0d%0aSet-Cookie: a=b"]
)
async def test_the_state_comes_back_as_it_was_sent(identity: RunningService, state: str) -> None:
    """RFC 6749 §4.1.2: the exact value."""
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))

    by_redirect = await browser.get("/oauth2/authorize", params=app.question(state=state))
    by_form = await browser.get("/oauth2/authorize", params=app.question(state=state, response_mode="form_post"))

    assert by_redirect.next_request is not None
    assert by_redirect.next_request.url.params["state"] == state
    assert "<script>alert" not in by_form.text


async def test_the_sign_in_form_takes_anything(identity: RunningService) -> None:
    for email, password in [
        ("\x00", "x"),
        ("é@é", "é" * 100),
        ("a@b.example", "x" * 7000),
        ("", ""),
        ("'--", "\u4e16"),
    ]:
        async with identity.anonymous() as browser:
            answer = await sign_in(browser, email, password)
        assert answer.status_code in (400, 422), (email, answer.text)
