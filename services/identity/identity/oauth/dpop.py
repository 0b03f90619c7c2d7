"""DPoP (RFC 9449): a token is worth nothing without the key it was issued for."""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from starlette.requests import Request

from chassis.runtime import Runtime
from identity.clients.rules import PRIVATE_MEMBERS
from identity.oauth import store
from identity.oauth.assertions import BadAssertion, import_public, instant_of, jti_of, read_unverified, verify_signature
from identity.oauth.authlib_adapter.errors import InvalidDpopProofError

PROOF_LIFE = timedelta(seconds=60)
LEEWAY = timedelta(seconds=30)
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


def checked_proof(proof: str, *, method: str, url: str, access_token: str | None, now: datetime) -> tuple[str, str]:
    """The key's thumbprint and the proof's `jti`. Raises BadAssertion."""
    header, claims = read_unverified(proof)
    jwk = header.get("jwk")
    if header.get("typ") != "dpop+jwt" or not isinstance(jwk, dict) or PRIVATE_MEMBERS & jwk.keys():
        raise BadAssertion("not a DPoP proof")
    verify_signature(proof, header, jwk)
    if claims.get("htm") != method or not _same_address(claims.get("htu"), url):
        raise BadAssertion("it was made for another request")
    issued = instant_of(claims, "iat")
    if issued is None or not now - PROOF_LIFE < datetime.fromtimestamp(issued, UTC) < now + LEEWAY:
        raise BadAssertion("it was not made now")
    if access_token is not None and not _is_hash_of(claims.get("ath"), access_token):
        raise BadAssertion("it was made for another token")
    return _thumbprint(jwk), jti_of(claims)


def is_thumbprint(text: str) -> bool:
    """Whether `text` can be the `dpop_jkt` of an authorization request (§10)."""
    return len(text) == THUMBPRINT_LENGTH and text.replace("-", "").replace("_", "").isalnum() and text.isascii()


def _thumbprint(jwk: dict[str, Any]) -> str:
    try:
        return import_public(jwk).thumbprint()
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise BadAssertion("the key cannot be read") from error


def _same_address(stated: Any, url: str) -> bool:
    if not isinstance(stated, str) or len(stated) > 2000:
        return False
    try:
        parts, ours = urlsplit(stated), urlsplit(url)
        ports = {"http": 80, "https": 443}
        return (parts.scheme.lower(), parts.hostname, parts.port or ports.get(parts.scheme), parts.path) == (
            ours.scheme,
            ours.hostname,
            ours.port or ports[ours.scheme],
            ours.path,
        )
    except (ValueError, KeyError):
        return False


def _is_hash_of(stated: Any, access_token: str) -> bool:
    expected = urlsafe_b64encode(sha256(access_token.encode()).digest()).decode().rstrip("=")
    return isinstance(stated, str) and hmac.compare_digest(stated.encode(), expected.encode())
