"""Who calls: the access token of a request, checked once however many parts of the service ask."""

from datetime import UTC, datetime
from typing import Any

from starlette.types import Scope

from chassis.auth.assertions import BadAssertion
from chassis.auth.dpop import checked_proof
from chassis.auth.principal import Principal
from chassis.auth.tokens import BadToken
from chassis.kernel.errors import Unauthenticated

KEPT_AS = "chassis.caller"
SCHEMES = ("bearer", "dpop")


class BadProof(BadToken):
    """The token is bound to a key, and the request does not prove that the caller holds it (RFC 9449 §7.1)."""

    code, title = "invalid-dpop-proof", "This access token is bound to a key"


async def caller_of(scope: Scope, runtime: Any) -> Principal:
    """The caller named by the access token. Raises Unauthenticated, BadToken, BadProof, Unavailable."""
    known: Principal | None = scope.get(KEPT_AS)
    if known is None:
        known = scope[KEPT_AS] = await _authenticated(scope, runtime)
    return known


async def _authenticated(scope: Scope, runtime: Any) -> Principal:
    scheme, _, token = _text(scope, b"authorization").partition(" ")
    token = token.strip()
    if scheme.lower() not in SCHEMES or not token:
        raise Unauthenticated("Send an access token: `Authorization: Bearer …`.")
    principal: Principal = await runtime.verifier.verify(token)
    bound_to = (principal.claims.get("cnf") or {}).get("jkt")
    if bound_to is not None or scheme.lower() == "dpop":
        _check_key(scope, runtime, bound_to, scheme=scheme.lower(), token=token)
    return principal


def _check_key(scope: Scope, runtime: Any, bound_to: str | None, *, scheme: str, token: str) -> None:
    """A bound token counts with a proof of its key only, and no other token with one (RFC 9449 §7.1, §7.2)."""
    proofs = [value for name, value in scope["headers"] if name == b"dpop"]
    if bound_to is None or scheme != "dpop" or len(proofs) != 1:
        raise BadProof("Send a token that is bound to a key with `Authorization: DPoP …` and one DPoP proof.")
    try:
        thumbprint, jti = checked_proof(
            proofs[0].decode("latin-1"),
            method=scope["method"],
            url=runtime.platform.public_url + scope["path"],
            access_token=token,
            now=datetime.now(UTC),
        )
    except BadAssertion as error:
        raise BadProof("The DPoP proof does not hold.") from error
    if thumbprint != bound_to or not runtime.proofs.spend(thumbprint, jti):
        raise BadProof("The DPoP proof is one of another key, or was used before.")


def _text(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")
