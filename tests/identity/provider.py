"""A client of the OpenID provider and a person's browser, for the tests of the protocol."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
from joserfc import jws
from joserfc.jwk import KeySet

from tests.harness.service import RunningService
from tests.identity.people import PASSWORD

ISSUER = "http://localhost:8080"
CALLBACK = "http://localhost:9999/callback"
EVERYTHING = "openid profile email offline_access catalog:read orders:read licenses:read"


@dataclass
class App:
    """A registered client with what it needs to use the provider."""

    identity: RunningService
    registration: dict[str, Any]
    verifiers: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.registration["client_id"]

    @property
    def auth(self) -> tuple[str, str] | None:
        if self.registration["token_endpoint_auth_method"] != "client_secret_basic":
            return None
        return self.id, self.registration["client_secret"]

    def question(self, **changes: Any) -> dict[str, str]:
        """The parameters of an authorization request; None removes one."""
        verifier = secrets.token_urlsafe(48)
        challenge = challenge_of(verifier)
        self.verifiers[challenge] = verifier
        asked = {
            "client_id": self.id,
            "response_type": "code",
            "redirect_uri": self.registration["redirect_uris"][0],
            "scope": self.registration["scope"],
            "state": secrets.token_urlsafe(8),
            "nonce": secrets.token_urlsafe(8),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}

    async def post(self, path: str, **form: Any) -> httpx.Response:
        """A request of the client's server, with its credentials."""
        body = {name: value for name, value in form.items() if value is not None}
        if self.registration["token_endpoint_auth_method"] == "none":
            body.setdefault("client_id", self.id)
        async with self.identity.anonymous() as http:
            return await http.post(path, data=body, auth=self.auth)

    async def redeem(self, asked: dict[str, str], answer: dict[str, str], **changes: Any) -> httpx.Response:
        """The token request for the code of an authorization response."""
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": asked["redirect_uri"],
            "code_verifier": self.verifiers.get(asked.get("code_challenge", "")),
        }
        return await self.post("/oauth2/token", **(form | changes))

    async def refresh(self, refresh_token: str, **changes: Any) -> httpx.Response:
        """The token request for a refresh token."""
        return await self.post("/oauth2/token", grant_type="refresh_token", refresh_token=refresh_token, **changes)


async def an_app(identity: RunningService, **metadata: Any) -> App:
    """A registered client; a confidential, first-party web application unless said otherwise."""
    asked = {
        "client_name": "Sample",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": EVERYTHING,
        "first_party": True,
    } | metadata
    async with identity.operator() as operator:
        answer = await operator.post("/api/v1/clients", json=asked)
    assert answer.status_code == 201, answer.text
    return App(identity, answer.json())


async def sign_in(browser: httpx.AsyncClient, email: str, password: str = PASSWORD, **form: str) -> httpx.Response:
    """Fill in the form of /login."""
    return await browser.post("/login", data={"email": email, "password": password, **form})


async def a_browser(identity: RunningService, account: dict[str, Any]) -> httpx.AsyncClient:
    """A browser in which the person is signed in."""
    browser = identity.anonymous()
    answer = await sign_in(browser, account["email"])
    assert answer.status_code == 303, answer.text
    return browser


async def ask(browser: httpx.AsyncClient, asked: dict[str, str]) -> dict[str, str]:
    """Send an authorization request and read the answer that goes back to the client."""
    answer = await browser.get("/oauth2/authorize", params=asked)
    assert answer.status_code == 303, answer.text
    return answer_in(answer.headers["location"])


def answer_in(location: str) -> dict[str, str]:
    """The parameters of a redirect."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


async def tokens_for(app: App, browser: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """The whole code flow of somebody who is signed in."""
    asked = app.question(**changes)
    answer = await ask(browser, asked)
    assert "code" in answer, answer
    redeemed = await app.redeem(asked, answer)
    assert redeemed.status_code == 200, redeemed.text
    return redeemed.json()


async def userinfo(identity: RunningService, access_token: str) -> httpx.Response:
    """What the provider says about the person behind a token."""
    async with identity.anonymous() as http:
        return await http.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {access_token}"})


async def read_jwt(identity: RunningService, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token, verified with the published keys."""
    async with identity.anonymous() as http:
        keys = KeySet.import_key_set((await http.get("/oauth2/jwks")).json())
    signed = jws.deserialize_compact(token, keys, algorithms=["ES256", "RS256"])
    return signed.headers(), orjson.loads(signed.payload)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a code verifier (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
