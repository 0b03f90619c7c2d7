"""Signed answers (`Accept: application/jwt`): an application can carry one along and check it without asking again.

ES256 with a key of licensing's own, published as a JWK set. `iat` and `exp` are real time, as of every token; the
answer itself is of business time. A proof outlives neither the access it attests nor `proof_seconds`.
"""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from joserfc import jws
from joserfc.jwk import ECKey

from chassis.kernel.ids import new_id
from chassis.runtime import Runtime
from licensing.entitlements.rules import Decision
from licensing.entitlements.store import Question

MEDIA_TYPE = "application/jwt"
TYPE = "entitlement+jwt"


@dataclass(frozen=True, slots=True)
class ProofSigner:
    """Signs answers, and knows the public key to check them with."""

    key: ECKey
    issuer: str
    seconds: int

    def sign(self, question: Question, decision: Decision, *, audience: str, seconds_left: float | None) -> str:
        """The decision as a JWT for the client `audience`; `seconds_left`: until access ends, None for no end."""
        now = int(time.time())
        lifetime = self.seconds if seconds_left is None else min(self.seconds, max(0, int(seconds_left)))
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "sub": question.email,
            "iat": now,
            "exp": now + lifetime,
            "jti": new_id("ent"),
            "product": question.product,
            "allowed": decision.allowed,
            "reason": decision.reason,
            "valid_until": decision.valid_until,
        }
        header = {"alg": "ES256", "typ": TYPE, "kid": self.key.thumbprint()}
        return jws.serialize_compact(header, orjson.dumps(claims, option=orjson.OPT_UTC_Z), self.key)

    def public_keys(self) -> dict[str, Any]:
        """The JWK set that proofs are checked with."""
        public = self.key.as_dict(private=False)
        return {"keys": [public | {"kid": self.key.thumbprint(), "use": "sig", "alg": "ES256"}]}


@asynccontextmanager
async def proof_signer(runtime: Runtime) -> AsyncIterator[ProofSigner]:
    """The signer for the life of the process."""
    path = runtime.settings.proof_key_file or runtime.platform.data_dir / "licensing" / "proof-key.pem"
    yield ProofSigner(
        key=ECKey.import_key(_kept_key(path)),
        issuer=f"{runtime.platform.public_url}/api/v1/entitlements",
        seconds=runtime.settings.proof_seconds,
    )


def _kept_key(path: Path) -> bytes:
    """The key in the file; made first, readable by its owner only, when there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(ECKey.generate_key("P-256").as_pem(private=True))
        _put_in_place(draft, path)
    return path.read_bytes()


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
