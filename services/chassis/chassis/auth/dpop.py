"""DPoP (RFC 9449): a token that is bound to a key is worth nothing without a proof of that key."""

import hmac
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from joserfc.errors import JoseError

from chassis.auth.assertions import (
    BadAssertion,
    import_public,
    instant_of,
    jti_of,
    read_unverified,
    verify_signature,
)
from chassis.kernel.client_keys import PRIVATE_MEMBERS

PROOF_LIFE = timedelta(seconds=60)
LEEWAY = timedelta(seconds=30)
MOST_REMEMBERED = 100_000


class SpentProofs:
    """The proofs that this process was shown lately: each counts once (§11.1)."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}

    def spend(self, thumbprint: str, jti: str) -> bool:
        """Whether the proof is shown for the first time."""
        now = time.monotonic()
        if len(self._until) >= MOST_REMEMBERED:
            self._until = {proof: until for proof, until in self._until.items() if until > now}
        is_first = self._until.get((thumbprint, jti), 0.0) <= now and len(self._until) < MOST_REMEMBERED
        self._until[thumbprint, jti] = now + (PROOF_LIFE + 2 * LEEWAY).total_seconds()
        return is_first


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
        return (parts.scheme.lower(), parts.hostname, parts.port or ports.get(parts.scheme), unquote(parts.path)) == (
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
