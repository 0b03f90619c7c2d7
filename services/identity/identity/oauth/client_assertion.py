"""The assertion of a client with keys (RFC 7523 §3; `private_key_jwt`)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.auth.assertions import BadAssertion, instant_of, jti_of, verify_signature
from identity.clients.client import Client

LEEWAY = timedelta(seconds=30)
LONGEST_LIFE = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class CheckedAssertion:
    """What is left to do with a good assertion: see that it is used once."""

    jti: str
    expires_at: datetime


def checked_assertion(
    assertion: str,
    header: dict[str, Any],
    claims: dict[str, Any],
    client: Client,
    *,
    audience: tuple[str, ...],
    now: datetime,
) -> CheckedAssertion:
    """Check everything but its first use. Raises BadAssertion."""
    _check_signature(assertion, header, client)
    if claims.get("iss") != client.id:
        raise BadAssertion("the issuer is not the client")
    _check_audience(claims.get("aud"), audience, only_one=client.is_fapi)
    expires_at = _checked_life(claims, now)
    return CheckedAssertion(jti=jti_of(claims), expires_at=expires_at + LEEWAY)


def _check_signature(assertion: str, header: dict[str, Any], client: Client) -> None:
    keys = (client.jwks or {}).get("keys", [])
    kid = header.get("kid")
    candidates = [key for key in keys if kid is None or key.get("kid") in (None, kid)]
    for key in candidates:
        try:
            return verify_signature(assertion, header, key)
        except BadAssertion:
            continue
    raise BadAssertion("no key of the client made this signature")


def _check_audience(stated: Any, audience: tuple[str, ...], *, only_one: bool) -> None:
    if isinstance(stated, str):
        named = [stated]
    elif isinstance(stated, list) and not only_one:
        named = [name for name in stated if isinstance(name, str)]
    else:
        named = []
    if not set(named) & set(audience):
        raise BadAssertion("it is meant for somebody else")


def _checked_life(claims: dict[str, Any], now: datetime) -> datetime:
    expires = instant_of(claims, "exp")
    if expires is None:
        raise BadAssertion("exp is missing")
    expires_at = datetime.fromtimestamp(expires, UTC)
    if not now - LEEWAY < expires_at < now + LONGEST_LIFE + LEEWAY:
        raise BadAssertion("it has expired, or lives too long")
    for name in ("iat", "nbf"):
        begins = instant_of(claims, name)
        if begins is not None and datetime.fromtimestamp(begins, UTC) > now + LEEWAY:
            raise BadAssertion("it is not good yet")
    return expires_at
