"""Id tokens (OpenID Connect Core 1.0 §2): who signed in, when and how. What they are like stays in userinfo."""

from collections.abc import Iterable
from datetime import datetime

from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.oauth.authlib_adapter.hashes import half_hash
from identity.oauth.rules import ID_TOKEN_LIFE, acr_of

TYPE = "JWT"


def id_token(
    runtime: Runtime,
    *,
    client: Client,
    account_id: str,
    session_id: str | None,
    authenticated_at: datetime,
    amr: Iterable[str],
    nonce: str | None,
    access_token: str,
    organization_id: str | None,
    now: datetime,
) -> str:
    """The signed id token; `authenticated_at` is the real sign-in, also when a refresh token is redeemed (§12.2)."""
    algorithm = client.id_token_signed_response_alg
    means = list(amr)
    issued_at = int(now.timestamp())
    claims = {
        "iss": runtime.platform.public_url,
        "sub": account_id,
        "aud": client.id,
        "iat": issued_at,
        "exp": issued_at + int(ID_TOKEN_LIFE.total_seconds()),
        "auth_time": int(authenticated_at.timestamp()),
        "amr": means,
        "acr": acr_of(means),
        "at_hash": half_hash(access_token, algorithm),
        "sid": session_id,
        "nonce": nonce,
        "org": organization_id,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    return runtime.edges.keys.sign(present, typ=TYPE, algorithm=algorithm)
