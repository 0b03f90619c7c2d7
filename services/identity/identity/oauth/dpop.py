"""DPoP (RFC 9449) at the provider: proofs are spent in the database, so that they count once in all processes."""

from datetime import datetime

from starlette.requests import Request

from chassis.auth.assertions import BadAssertion
from chassis.auth.dpop import LEEWAY, PROOF_LIFE, checked_proof
from chassis.runtime import Runtime
from identity.oauth import store
from identity.oauth.authlib_adapter.errors import InvalidDpopProofError

THUMBPRINT_LENGTH = 43


async def proven_thumbprint(runtime: Runtime, request: Request, *, access_token: str | None = None) -> str | None:
    """The thumbprint of the key that the request's DPoP header proves; None without such a header.

    Raises InvalidDpopProofError. A proof is good once, for a minute, for this method and address (§4.3).
    """
    proofs = request.headers.getlist("dpop")
    if not proofs:
        return None
    if len(proofs) > 1:
        raise InvalidDpopProofError()
    url = runtime.platform.public_url + request.url.path
    now: datetime = runtime.edges.real_clock.now()
    try:
        thumbprint, jti = checked_proof(proofs[0], method=request.method, url=url, access_token=access_token, now=now)
    except BadAssertion as error:
        raise InvalidDpopProofError() from error
    expires_at = now + PROOF_LIFE + 2 * LEEWAY
    async with runtime.database.read() as reader:
        is_first = await store.spend_proof(reader, issuer=f"dpop:{thumbprint}", jti=jti, expires_at=expires_at)
    if not is_first:
        raise InvalidDpopProofError()
    return thumbprint


def is_thumbprint(text: str) -> bool:
    """Whether `text` can be the `dpop_jkt` of an authorization request (§10)."""
    return len(text) == THUMBPRINT_LENGTH and text.replace("-", "").replace("_", "").isalnum() and text.isascii()
