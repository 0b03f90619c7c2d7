"""Access tokens (RFC 9068) verified locally: ES256 only, exact issuer, audience and type."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from typing import Any

import httpx
import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.auth.principal import Principal
from chassis.auth.revocations import Revocations
from chassis.kernel.errors import Unauthenticated, Unavailable

LEEWAY = 30
KEYS_FRESH_FOR = 600
SECONDS_BETWEEN_FETCHES = 5
TOKENS_REMEMBERED = 20_000


class BadToken(Unauthenticated):
    """The access token is not (or no longer) good."""

    code, title = "invalid-token", "Your access token is not valid"


class TokenVerifier:
    """Turns a bearer token into a Principal; remembers verified tokens until they expire."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        revocations: Revocations,
        jwks_url: str = "",
        http: httpx.AsyncClient | None = None,
        keys: KeySet | None = None,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._revocations = revocations
        self._jwks_url = jwks_url
        self._http = http
        self._keys = keys
        self._fetched_at = float("inf") if keys else float("-inf")
        self._verified: OrderedDict[bytes, tuple[Principal, float, float]] = OrderedDict()
        self._fetching = asyncio.Lock()

    async def verify(self, token: str) -> Principal:
        """The caller that `token` stands for. Raises BadToken, or Unavailable while no keys can be had."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is None:
            claims = await self._claims(token)
            known = (principal_of(claims), float(claims["exp"]), float(claims["iat"]))
            self._remember(digest, known)
        principal, expires_at, issued_at = known
        if time.time() > expires_at + LEEWAY:
            raise BadToken("The access token has expired.")
        if self._revocations.refuses(
            subject=principal.subject,
            client_id=principal.client_id,
            session_id=principal.session_id,
            token_id=str(principal.claims.get("jti", "")),
            issued_at=issued_at,
        ):
            raise BadToken("This access token was taken back, or the session behind it has ended.")
        return principal

    def _remember(self, digest: bytes, known: tuple[Principal, float, float]) -> None:
        self._verified[digest] = known
        if len(self._verified) > TOKENS_REMEMBERED:
            self._verified.popitem(last=False)

    async def _claims(self, token: str) -> dict[str, Any]:
        keys = await self._key_set()
        try:
            content = _content(token, keys)
        except (JoseError, ValueError):
            if not await self._fetch_again():
                raise BadToken() from None
            try:
                content = _content(token, await self._key_set())
            except (JoseError, ValueError) as error:
                raise BadToken() from error
        return self._checked(content)

    def _checked(self, claims: dict[str, Any]) -> dict[str, Any]:
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise BadToken("The access token is meant for another place.")
        if not isinstance(claims.get("exp"), int | float) or not isinstance(claims.get("iat"), int | float):
            raise BadToken()
        return claims

    async def _key_set(self) -> KeySet:
        if self._keys is None or time.monotonic() - self._fetched_at > KEYS_FRESH_FOR:
            await self._fetch()
        if self._keys is None:
            raise Unavailable("Sign-in cannot be checked at the moment.")
        return self._keys

    async def _fetch_again(self) -> bool:
        if not self._jwks_url or time.monotonic() - self._fetched_at < SECONDS_BETWEEN_FETCHES:
            return False
        await self._fetch()
        return True

    async def _fetch(self) -> None:
        if not self._jwks_url or self._http is None:
            return
        async with self._fetching:
            if time.monotonic() - self._fetched_at < 1:
                return
            try:
                answer = await self._http.get(self._jwks_url)
                answer.raise_for_status()
                self._keys = KeySet.import_key_set(answer.json())
                self._fetched_at = time.monotonic()
            except (httpx.HTTPError, ValueError):
                if self._keys is None:
                    return
                self._fetched_at = time.monotonic() - KEYS_FRESH_FOR + 30


def principal_of(claims: dict[str, Any]) -> Principal:
    """Read the claims of a verified access token."""
    products = claims.get("products")
    return Principal(
        subject=str(claims.get("sub", "")),
        client_id=str(claims.get("client_id", "")),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        organization_id=claims.get("org"),
        roles=frozenset(claims.get("roles") or ()),
        session_id=claims.get("sid"),
        email=claims.get("email"),
        products=None if products is None else frozenset(products),
        claims=claims,
    )


def _content(token: str, keys: KeySet) -> dict[str, Any]:
    signed = jws.deserialize_compact(token, keys, algorithms=["ES256"])
    header = signed.headers()
    if header.get("typ", "").lower() not in ("at+jwt", "application/at+jwt"):
        raise ValueError("not an access token")
    claims = orjson.loads(signed.payload)
    if not isinstance(claims, dict):
        raise ValueError("no claims")
    return claims
