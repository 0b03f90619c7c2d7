"""How clients prove who they are: RFC 6749 §2.3, RFC 7523, OpenID Connect Core 1.0 §9."""

import base64
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService
from tests.identity.provider import ISSUER, App, an_app

KEYS: dict[str, Any] = {
    "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
    "PS256": RSAKey.generate_key(2048, {"kid": "rsa"}),
    "Ed25519": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
}
MACHINE = {"grant_types": ["client_credentials"], "redirect_uris": [], "scope": "orders:read"}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def ask(app: App, *, headers: dict[str, str] | None = None, **form: str) -> Any:
    """A token request with nothing but what is given."""
    async with app.identity.anonymous() as http:
        body = {"grant_type": "client_credentials", **form}
        return await http.post("/oauth2/token", data=body, headers=headers or {})


def basic(client_id: str, secret: str) -> dict[str, str]:
    """An Authorization header, as it comes off the wire."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


async def test_the_registered_method_is_the_one(identity: RunningService) -> None:
    """Basic and body do not stand in for each other."""
    by_header = await an_app(identity, **MACHINE)
    by_body = await an_app(identity, **MACHINE, token_endpoint_auth_method="client_secret_post")
    secrets = [app.registration["client_secret"] for app in (by_header, by_body)]

    assert (await ask(by_header, headers=basic(by_header.id, secrets[0]))).status_code == 200
    assert (await ask(by_body, client_id=by_body.id, client_secret=secrets[1])).status_code == 200
    assert (await ask(by_header, client_id=by_header.id, client_secret=secrets[0])).status_code == 401
    assert (await ask(by_body, headers=basic(by_body.id, secrets[1]))).status_code == 401


async def test_a_refusal_says_how_to_try_again(identity: RunningService) -> None:
    """RFC 6749 §5.2: 401 invalid_client with WWW-Authenticate."""
    app = await an_app(identity, **MACHINE)

    answer = await ask(app, headers=basic(app.id, "wrong"))

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic")


async def test_two_ways_at_once_are_one_too_many(identity: RunningService) -> None:
    """RFC 6749 §2.3: invalid_request."""
    app = await an_app(identity, **MACHINE)
    secret = app.registration["client_secret"]

    answer = await ask(app, headers=basic(app.id, secret), client_id=app.id, client_secret=secret)

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"no-colon").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
        "Basic " + base64.b64encode("client:gehéim".encode()).decode(),
        "Basic " + base64.b64encode(b"client\x00:secret").decode(),
        "Basic " + base64.b64encode(b"%ff:%ff").decode(),
        "Basic " + base64.b64encode(b"a" * 5000 + b":b").decode(),
    ],
)
async def test_malformed_credentials_are_refused_not_crashed_on(identity: RunningService, header: str) -> None:
    """Non-ASCII, NUL, broken UTF-8 and base64."""
    app = await an_app(identity, **MACHINE)

    answer = await ask(app, headers={"Authorization": header})

    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("invalid_client", "invalid_request")


async def test_a_secret_that_is_not_ascii_is_simply_wrong(identity: RunningService) -> None:
    app = await an_app(identity, **MACHINE, token_endpoint_auth_method="client_secret_post")

    answer = await ask(app, client_id=app.id, client_secret="gehéim\u4e16")

    assert answer.status_code == 401


async def test_public_clients_name_themselves(identity: RunningService) -> None:
    """RFC 6749 §3.2.1; a confidential client cannot pass as one."""
    confidential = await an_app(identity)
    public = await an_app(identity, token_endpoint_auth_method="none")
    form = {"grant_type": "refresh_token", "refresh_token": "rt_unknown"}

    assert (await ask(public, **form, client_id=public.id)).json()["error"] == "invalid_grant"
    assert (await ask(confidential, **form, client_id=confidential.id)).json()["error"] == "invalid_client"


async def keyed(identity: RunningService, algorithm: str) -> App:
    """A client that signs assertions."""
    public = KEYS[algorithm].as_dict(private=False)
    return await an_app(identity, **MACHINE, token_endpoint_auth_method="private_key_jwt", jwks={"keys": [public]})


def claims_for(app: App, **changes: Any) -> dict[str, Any]:
    """The claims of a good assertion."""
    now = int(time.time())
    claims = {"iss": app.id, "sub": app.id, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": new_id("jti")}
    return {name: value for name, value in (claims | changes).items() if value is not None}


def assertion(key: Any, algorithm: str, claims: dict[str, Any], **header: Any) -> dict[str, str]:
    """The form fields of a client assertion."""
    signed = jwt.encode({"alg": algorithm, "kid": key.kid} | header, claims, key, algorithms=[algorithm])
    return {"client_assertion": signed, "client_assertion_type": ASSERTION}


@pytest.mark.parametrize("algorithm", list(KEYS))
async def test_an_assertion_is_good_once(identity: RunningService, algorithm: str) -> None:
    """RFC 7523 §3: signed by a registered key, addressed to us, in time, with a jti of its own."""
    app = await keyed(identity, algorithm)
    form = assertion(KEYS[algorithm], algorithm, claims_for(app))

    first, second = await ask(app, **form), await ask(app, **form)

    assert first.status_code == 200, first.text
    assert second.status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**12},
        {"exp": int(time.time()) + 90_000},
        {"nbf": int(time.time()) + 600},
        {"iat": int(time.time()) + 600},
        {"jti": None},
        {"jti": "x" * 300},
        {"jti": "\x00"},
    ],
)
async def test_assertions_that_do_not_hold_are_refused(identity: RunningService, changes: dict[str, Any]) -> None:
    """RFC 7523 §3."""
    app = await keyed(identity, "ES256")

    answer = await ask(app, **assertion(KEYS["ES256"], "ES256", claims_for(app, **changes)))

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


async def test_the_token_endpoint_may_be_the_audience_of_ordinary_clients(identity: RunningService) -> None:
    """OpenID Connect Core 1.0 §9; not of FAPI 2.0 clients (§5.3.2.1), who must name the issuer."""
    app = await keyed(identity, "ES256")
    fapi = await an_app(
        identity,
        **MACHINE,
        token_endpoint_auth_method="private_key_jwt",
        jwks={"keys": [KEYS["ES256"].as_dict(private=False)]},
        require_pushed_authorization_requests=True,
        dpop_bound_access_tokens=True,
    )
    endpoint = f"{ISSUER}/oauth2/token"

    ordinary = await ask(app, **assertion(KEYS["ES256"], "ES256", claims_for(app, aud=endpoint)))
    strict = await ask(fapi, **assertion(KEYS["ES256"], "ES256", claims_for(fapi, aud=endpoint)))
    several = await ask(fapi, **assertion(KEYS["ES256"], "ES256", claims_for(fapi, aud=[ISSUER])))

    assert ordinary.status_code == 200
    assert strict.json()["error"] == "invalid_client"
    assert several.json()["error"] == "invalid_client"


async def test_weak_or_foreign_signatures_are_refused(identity: RunningService) -> None:
    """FAPI 2.0 §5.4: no RS256, no HS256, no none, nobody else's key, no key out of the header."""
    rsa, ec = await keyed(identity, "PS256"), await keyed(identity, "ES256")
    stranger = ECKey.generate_key("P-256", {"kid": "ec"})
    symmetric = OctKey.import_key(ec.id * 3, {"kid": "ec"})
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(b'{"sub":"%s"}' % ec.id.encode()).decode().rstrip("=")

    forms = [
        (rsa, assertion(KEYS["PS256"], "RS256", claims_for(rsa))),
        (ec, assertion(stranger, "ES256", claims_for(ec))),
        (ec, assertion(stranger, "ES256", claims_for(ec), jwk=stranger.as_dict(private=False))),
        (ec, assertion(symmetric, "HS256", claims_for(ec))),
        (ec, {"client_assertion": f"{unsigned}.{body}.", "client_assertion_type": ASSERTION}),
        (ec, {"client_assertion": "nonsense", "client_assertion_type": ASSERTION}),
        (ec, {"client_assertion": "é.é.é", "client_assertion_type": ASSERTION}),
        (ec, {"client_assertion": "e30.e30.e30", "client_assertion_type": "something-else"}),
    ]
    for app, form in forms:
        answer = await ask(app, **form)
        assert answer.json()["error"] == "invalid_client", form


async def test_keys_may_be_changed_at_once(identity: RunningService) -> None:
    """PATCH /clients/{id} with new jwks."""
    app = await keyed(identity, "ES256")
    async with identity.operator() as operator:
        await operator.patch(
            f"/api/v1/clients/{app.id}", json={"jwks": {"keys": [KEYS["Ed25519"].as_dict(private=False)]}}
        )

    old = await ask(app, **assertion(KEYS["ES256"], "ES256", claims_for(app)))
    new = await ask(app, **assertion(KEYS["Ed25519"], "Ed25519", claims_for(app)))

    assert old.status_code == 401
    assert new.status_code == 200
