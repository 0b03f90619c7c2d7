"""A partner that keeps to the FAPI 2.0 Security Profile: keys for credentials, pushed requests, bound tokens."""

from typing import Any

import httpx

from tests.harness.service import RunningService
from tests.identity.oauth.test_client_authentication import KEYS, assertion, claims_for
from tests.identity.oauth.test_dpop import KEYS as PROOF_KEYS
from tests.identity.oauth.test_dpop import proof
from tests.identity.people import active
from tests.identity.provider import ISSUER, App, a_browser, an_app, ask, read_jwt


async def a_partner(identity: RunningService) -> App:
    """§5.3.2: every demand of the profile is part of the registration."""
    return await an_app(
        identity,
        token_endpoint_auth_method="private_key_jwt",
        jwks={"keys": [KEYS["ES256"].as_dict(private=False)]},
        require_pushed_authorization_requests=True,
        dpop_bound_access_tokens=True,
    )


async def post(app: App, path: str, *, dpop: str | None = None, **form: Any) -> httpx.Response:
    """A request with an assertion, and a DPoP proof if there is one."""
    credentials = assertion(KEYS["ES256"], "ES256", claims_for(app))
    headers = {"DPoP": dpop} if dpop else {}
    async with app.identity.anonymous() as http:
        return await http.post(path, data={**form, **credentials}, headers=headers)


async def test_the_whole_flow(identity: RunningService) -> None:
    """PAR with dpop_jkt by proof, code, bound tokens; the refresh token stays the same (§5.3.2.1, 14)."""
    app = await a_partner(identity)
    browser = await a_browser(identity, await active(identity))
    asked = app.question()

    pushed = await post(app, "/oauth2/par", dpop=proof(url=f"{ISSUER}/oauth2/par"), **asked)
    answer = await ask(browser, {"client_id": app.id, "request_uri": pushed.json()["request_uri"]})
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": asked["redirect_uri"],
        "code_verifier": app.verifiers[asked["code_challenge"]],
    }
    tokens = (await post(app, "/oauth2/token", dpop=proof(), **form)).json()
    renewals = [
        await post(
            app, "/oauth2/token", dpop=proof(), grant_type="refresh_token", refresh_token=tokens["refresh_token"]
        )
        for _ in range(3)
    ]

    assert tokens["token_type"] == "DPoP"
    _, claims = await read_jwt(identity, tokens["access_token"])
    assert claims["cnf"]["jkt"] == PROOF_KEYS["ES256"].thumbprint()
    assert [answer.status_code for answer in renewals] == [200] * 3
    assert all("refresh_token" not in answer.json() for answer in renewals)


async def test_a_request_that_was_not_pushed_is_refused(identity: RunningService) -> None:
    """§5.3.2.2."""
    app = await a_partner(identity)
    async with identity.anonymous() as browser:
        answer = await ask(browser, app.question())

    assert answer["error"] == "invalid_request"


async def test_a_token_needs_a_proof(identity: RunningService) -> None:
    """§5.3.2.1: sender-constrained tokens only; the code is bound to the key of the pushed request."""
    app = await a_partner(identity)
    browser = await a_browser(identity, await active(identity))
    asked = app.question()
    pushed = await post(app, "/oauth2/par", dpop=proof(url=f"{ISSUER}/oauth2/par"), **asked)
    answer = await ask(browser, {"client_id": app.id, "request_uri": pushed.json()["request_uri"]})
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": asked["redirect_uri"],
        "code_verifier": app.verifiers[asked["code_challenge"]],
    }

    without = await post(app, "/oauth2/token", **form)
    other = await post(app, "/oauth2/token", dpop=proof(KEYS["Ed25519"], "Ed25519"), **form)

    assert without.json()["error"] == "invalid_dpop_proof"
    assert other.json()["error"] == "invalid_grant"
