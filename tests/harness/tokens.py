"""Access tokens for tests, signed by a key that the service under test trusts."""

import time
from typing import Any

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, KeySet

from chassis.kernel.ids import new_id

ISSUER = "http://localhost:8080"
KEY = ECKey.generate_key("P-256", {"kid": "tests", "use": "sig", "alg": "ES256"})
KEYS = KeySet([KEY])


def access_token(
    *,
    subject: str = "",
    scopes: str | tuple[str, ...] = (),
    org: str | None = None,
    roles: tuple[str, ...] = (),
    email: str | None = None,
    client_id: str = "gateway",
    lifetime: int = 3600,
    **claims: Any,
) -> str:
    """A signed token; `subject` defaults to a new account."""
    now = int(time.time())
    content = {
        "iss": ISSUER,
        "aud": f"{ISSUER}/api",
        "sub": subject or new_id("acc"),
        "client_id": client_id,
        "scope": scopes if isinstance(scopes, str) else " ".join(scopes),
        "iat": now,
        "exp": now + lifetime,
        "jti": new_id("jti"),
        "roles": list(roles),
    }
    content |= {"org": org} if org else {}
    content |= {"email": email} if email else {}
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "tests"}
    return jws.serialize_compact(header, orjson.dumps(content | claims), KEY)
