"""Signed answers (`Accept: application/jwt`): an application can carry one along and check it without asking again.

ES256 with a key of licensing's own, published as a JWK set. `iat` and `exp` are real time, as of every token; the
answer itself is of business time. `sub` is what was asked about: an address or an account. A proof outlives neither
the access it attests nor `proof_seconds`.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from joserfc import jws
from joserfc.jwk import ECKey

from chassis.kernel.ids import new_id
from chassis.runtime import Runtime
from licensing.entitlements.people import address_told
from licensing.entitlements.proof_keys import ProofKeys
from licensing.entitlements.rules import Decision
from licensing.entitlements.store import Question

MEDIA_TYPE = "application/jwt"
TYPE = "entitlement+jwt"


@dataclass(frozen=True, slots=True)
class ProofSigner:
    """Signs answers, and knows the public keys to check them with."""

    keys: ProofKeys
    issuer: str
    seconds: int

    def sign(self, question: Question, decision: Decision, *, audience: str, seconds_left: float | None) -> str:
        """The decision as a JWT for the client `audience`; `seconds_left`: until access ends, None for no end."""
        now = int(time.time())
        lifetime = self.seconds if seconds_left is None else min(self.seconds, max(0, int(seconds_left)))
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "sub": question.account or question.email,
            "iat": now,
            "exp": now + lifetime,
            "jti": new_id("ent"),
            "email": address_told(question, decision),
            "product": question.product,
            "allowed": decision.allowed,
            "reason": decision.reason,
            "valid_until": decision.valid_until,
        }
        key = self.keys.signing()
        header = {"alg": "ES256", "typ": TYPE, "kid": key.thumbprint()}
        return jws.serialize_compact(header, orjson.dumps(claims, option=orjson.OPT_UTC_Z), key)

    def public_keys(self) -> dict[str, Any]:
        """The JWK set that proofs are checked with."""
        return {"keys": [_public(key) for key in self.keys.published()]}


@asynccontextmanager
async def proof_signer(runtime: Runtime) -> AsyncIterator[ProofSigner]:
    """The signer for the life of the process."""
    path = runtime.settings.proof_key_file or runtime.platform.data_dir / "licensing" / "proof-key.pem"
    yield ProofSigner(
        keys=ProofKeys(path, proof_seconds=runtime.settings.proof_seconds),
        issuer=f"{runtime.platform.public_url}/api/v1/entitlements",
        seconds=runtime.settings.proof_seconds,
    )


def _public(key: ECKey) -> dict[str, Any]:
    return key.as_dict(private=False) | {"kid": key.thumbprint(), "use": "sig", "alg": "ES256"}
