"""Identity's signing keys, and checking what is signed with them."""

import base64
import json
import time
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.provider.errors import InvalidToken, ProviderAway

ALGORITHMS = ["ES256", "RS256"]
LEEWAY_SECONDS = 30
FRESH_SECONDS = 600
SECONDS_BETWEEN_FETCHES = 5


class ProviderKeys:
    """Fetched when first needed, again after ten minutes, and at once for a key id that is not known yet."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url
        self._keys: KeySet | None = None
        self._known: frozenset[str] = frozenset()
        self._fetched_at = float("-inf")

    async def claims_of(self, token: str, *, issuer: str, audience: str, types: frozenset[str]) -> dict[str, Any]:
        """The claims of a token with the right signature, `typ`, `iss`, `aud`, `exp` and `iat`; else `InvalidToken`."""
        header = _header_of(token)
        if str(header.get("typ", "")).lower() not in types:
            raise InvalidToken("wrong type of token")
        keys = await self._keys_for(str(header.get("kid", "")))
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            raise InvalidToken("the signature does not fit") from error
        _check(claims, issuer=issuer, audience=audience)
        return claims

    async def _keys_for(self, kid: str) -> KeySet:
        age = time.monotonic() - self._fetched_at
        if self._keys is None or age > FRESH_SECONDS or (kid not in self._known and age > SECONDS_BETWEEN_FETCHES):
            await self._fetch()
        if self._keys is None:
            raise ProviderAway("no signing keys")
        return self._keys

    async def _fetch(self) -> None:
        """The published keys; where identity does not answer, the ones fetched before still count."""
        try:
            answer = await self._http.get(self._url)
            answer.raise_for_status()
            published = answer.json()["keys"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            if self._keys is None:
                raise ProviderAway("no signing keys") from error
            return
        self._keys = KeySet.import_key_set({"keys": published})
        self._known = frozenset(key.get("kid", "") for key in published)
        self._fetched_at = time.monotonic()


def _header_of(token: str) -> dict[str, Any]:
    first = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError as error:
        raise InvalidToken("not a signed token") from error
    if not isinstance(header, dict):
        raise InvalidToken("not a signed token")
    return header


def _check(claims: dict[str, Any], *, issuer: str, audience: str) -> None:
    now = time.time()
    audiences = claims.get("aud")
    audiences = audiences if isinstance(audiences, list) else [audiences]
    if claims.get("iss") != issuer:
        raise InvalidToken("another issuer")
    if audience not in audiences:
        raise InvalidToken("another audience")
    if not isinstance(claims.get("exp"), (int, float)) or claims["exp"] < now - LEEWAY_SECONDS:
        raise InvalidToken("expired")
    if not isinstance(claims.get("iat"), (int, float)) or claims["iat"] > now + LEEWAY_SECONDS:
        raise InvalidToken("issued in the future")
