"""Tokens bound to a key: RFC 9449."""

import base64
import hashlib
import time
from typing import Any

import httpx
import orjson
import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import ISSUER, App, a_browser, an_app, ask, read_jwt

KEYS: dict[str, Any] = {
    "ES256": ECKey.generate_key("P-256"),
    "PS256": RSAKey.generate_key(2048),
    "Ed25519": OKPKey.generate_key("Ed25519"),
}


class LongHeaders(JWSRegistry):
    """A proof carries its key in the header."""

    max_header_length = 4096


def proof(
    key: Any = KEYS["ES256"],
    algorithm: str = "ES256",
    *,
    url: str = f"{ISSUER}/oauth2/token",
    method: str = "POST",
    access_token: str | None = None,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A DPoP proof (§4.2)."""
    claims = {"jti": new_id("jti"), "htm": method, "htu": url, "iat": int(time.time())}
    if access_token is not None:
        digest = hashlib.sha256(access_token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    head = {"alg": algorithm, "typ": "dpop+jwt", "jwk": key.as_dict(private=False)} | (header or {})
    content = orjson.dumps({name: value for name, value in (claims | changes).items() if value is not None})
    return jws.serialize_compact(head, content, key, registry=LongHeaders(algorithms=[algorithm]))


async def post(app: App, dpop: str, **form: str) -> httpx.Response:
    """A token request with a proof."""
    async with app.identity.anonymous() as http:
        return await http.post("/oauth2/token", data=form, auth=app.auth, headers={"DPoP": dpop})


async def a_machine(identity: RunningService, **metadata: Any) -> App:
    """A client without people."""
    asked = {"grant_types": ["client_credentials"], "redirect_uris": [], "scope": "orders:read"}
    return await an_app(identity, **{**asked, **metadata})


@pytest.mark.parametrize("algorithm", list(KEYS))
async def test_a_token_is_bound_to_the_proven_key(identity: RunningService, algorithm: str) -> None:
    """§5, §6: token_type DPoP and cnf.jkt."""
    app = await a_machine(identity)

    answer = await post(app, proof(KEYS[algorithm], algorithm), grant_type="client_credentials")

    assert answer.json()["token_type"] == "DPoP"
    _, claims = await read_jwt(identity, answer.json()["access_token"])
    assert claims["cnf"] == {"jkt": KEYS[algorithm].thumbprint()}


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htu": "https://elsewhere.example/oauth2/token"},
        {"htu": 7},
        {"iat": int(time.time()) - 600},
        {"iat": int(time.time()) + 600},
        {"iat": "now"},
        {"jti": None},
        {"header": {"typ": "JWT"}},
        {"header": {"jwk": {"kty": "EC"}}},
        {"header": {"jwk": KEYS["ES256"].as_dict(private=True)}},
    ],
    ids=["method", "address", "no address", "old", "early", "no time", "no id", "type", "half a key", "private key"],
)
async def test_proofs_that_do_not_hold_are_refused(identity: RunningService, changes: dict[str, Any]) -> None:
    """§4.3: invalid_dpop_proof."""
    app = await a_machine(identity)

    answer = await post(app, proof(**changes), grant_type="client_credentials")

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_dpop_proof"


async def test_a_proof_is_good_once(identity: RunningService) -> None:
    """§11.1."""
    app, evidence = await a_machine(identity), proof()

    first = await post(app, evidence, grant_type="client_credentials")
    second = await post(app, evidence, grant_type="client_credentials")

    assert first.status_code == 200
    assert second.json()["error"] == "invalid_dpop_proof"


async def test_a_client_may_have_to_bind_its_tokens(identity: RunningService) -> None:
    """§5.2: dpop_bound_access_tokens."""
    app = await a_machine(identity, dpop_bound_access_tokens=True)

    without = await app.post("/oauth2/token", grant_type="client_credentials")

    assert without.json()["error"] == "invalid_dpop_proof"
    assert (await post(app, proof(), grant_type="client_credentials")).status_code == 200


async def test_userinfo_wants_the_proof_with_the_token(identity: RunningService) -> None:
    """§7.1: the scheme DPoP, a fresh proof by the same key, with the token's hash."""
    app = await an_app(identity)
    asked = app.question()
    answer = await ask(await a_browser(identity, await active(identity)), asked)
    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": asked["redirect_uri"]}
    tokens = (await post(app, proof(), **form, code_verifier=app.verifiers[asked["code_challenge"]])).json()
    token = tokens["access_token"]
    here = {"url": f"{ISSUER}/oauth2/userinfo", "method": "GET"}

    async def look(scheme: str, dpop: str | None) -> int:
        headers = {"Authorization": f"{scheme} {token}"} | ({"DPoP": dpop} if dpop else {})
        async with identity.anonymous() as http:
            return (await http.get("/oauth2/userinfo", headers=headers)).status_code

    assert await look("DPoP", proof(**here, access_token=token)) == 200
    assert await look("DPoP", proof(**here)) == 401
    assert await look("DPoP", None) == 401
    assert await look("Bearer", None) == 401
    assert await look("DPoP", proof(KEYS["Ed25519"], "Ed25519", **here, access_token=token)) == 401


async def test_a_code_may_be_bound_to_a_key(identity: RunningService) -> None:
    """§10: dpop_jkt."""
    app = await an_app(identity)
    browser = await a_browser(identity, await active(identity))
    form = {"grant_type": "authorization_code", "redirect_uri": app.registration["redirect_uris"][0]}

    async def redeem(key: Any, algorithm: str) -> httpx.Response:
        asked = app.question(dpop_jkt=KEYS["ES256"].thumbprint())
        answer = await ask(browser, asked)
        verifier = app.verifiers[asked["code_challenge"]]
        return await post(app, proof(key, algorithm), **form, code=answer["code"], code_verifier=verifier)

    assert (await redeem(KEYS["Ed25519"], "Ed25519")).json()["error"] == "invalid_grant"
    assert (await redeem(KEYS["ES256"], "ES256")).status_code == 200


async def test_a_public_client_s_refresh_token_is_bound_too(identity: RunningService) -> None:
    """§5."""
    app = await an_app(identity, token_endpoint_auth_method="none")
    asked = app.question()
    answer = await ask(await a_browser(identity, await active(identity)), asked)
    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": asked["redirect_uri"]}
    verifier = app.verifiers[asked["code_challenge"]]
    tokens = (await post(app, proof(), **form, client_id=app.id, code_verifier=verifier)).json()
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": app.id}

    assert (await post(app, proof(KEYS["Ed25519"], "Ed25519"), **again)).json()["error"] == "invalid_grant"
    assert (await post(app, proof(), **again)).status_code == 200
