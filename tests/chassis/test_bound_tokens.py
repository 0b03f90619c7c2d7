"""A token that is bound to a key opens nothing without a proof of that key (RFC 9449 §7)."""

import base64
import hashlib
import time
from typing import Any

import httpx
import orjson
from joserfc import jws
from joserfc.jwk import ECKey

from chassis.kernel.ids import new_id
from tests.harness.service import RunningService

MINE, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
COUNTERS = "/api/v1/counters"
ORIGIN = "http://localhost:8080"


def proof(token: str, key: Any = MINE, *, method: str = "GET", path: str = COUNTERS) -> str:
    """A DPoP proof (§4.2) for one request with `token`."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
    claims = {"jti": new_id("jti"), "htm": method, "htu": ORIGIN + path, "iat": int(time.time()), "ath": digest}
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
    return jws.serialize_compact(header, orjson.dumps(claims), key)


def a_bound_token(sample: RunningService) -> str:
    """A token that only the holder of `MINE` can use."""
    holder = sample.client(scopes="counters:read counters:write", cnf={"jkt": MINE.thumbprint()})
    return holder.headers["authorization"].removeprefix("Bearer ")


async def look(sample: RunningService, scheme: str, token: str, *proofs: str) -> httpx.Response:
    headers = [("Authorization", f"{scheme} {token}"), *[("DPoP", one) for one in proofs]]
    async with sample.anonymous() as http:
        return await http.get(COUNTERS, headers=headers)


async def test_the_holder_of_the_key_is_let_in_once_per_proof(sample: RunningService) -> None:
    token = a_bound_token(sample)
    shown = proof(token)

    first, again = await look(sample, "DPoP", token, shown), await look(sample, "DPoP", token, shown)

    assert first.status_code == 200
    assert again.status_code == 401
    assert again.headers["www-authenticate"].startswith('DPoP error="invalid_dpop_proof"')


async def test_who_only_has_the_token_is_not(sample: RunningService) -> None:
    token = a_bound_token(sample)

    answers = [
        await look(sample, "Bearer", token),
        await look(sample, "Bearer", token, proof(token)),
        await look(sample, "DPoP", token),
        await look(sample, "DPoP", token, proof(token, OTHER)),
        await look(sample, "DPoP", token, proof(token, path="/api/v1/elsewhere")),
        await look(sample, "DPoP", token, proof(token, method="POST")),
        await look(sample, "DPoP", token, proof("another token")),
        await look(sample, "DPoP", token, proof(token), proof(token)),
    ]

    assert [answer.status_code for answer in answers] == [401] * 8


async def test_a_token_without_a_key_is_no_bound_token(sample: RunningService) -> None:
    token = sample.client(scopes="counters:read").headers["authorization"].removeprefix("Bearer ")

    assert (await look(sample, "DPoP", token, proof(token))).status_code == 401
    assert (await look(sample, "Bearer", token)).status_code == 200


async def test_a_kept_answer_is_not_given_to_who_only_has_the_token(sample: RunningService) -> None:
    token = a_bound_token(sample)
    path = f"{COUNTERS}/bound/raise"

    async def raise_it(**headers: str) -> httpx.Response:
        async with sample.anonymous() as http:
            return await http.post(path, headers={"Idempotency-Key": "one", **headers})

    mine = await raise_it(Authorization=f"DPoP {token}", DPoP=proof(token, method="POST", path=path))
    stolen = await raise_it(Authorization=f"Bearer {token}")
    mine_again = await raise_it(Authorization=f"DPoP {token}", DPoP=proof(token, method="POST", path=path))

    assert (mine.status_code, mine.json()["value"]) == (200, 1)
    assert stolen.status_code == 401
    assert mine_again.json() == mine.json()
