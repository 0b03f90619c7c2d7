"""The gateway as a confidential OAuth client of identity: the questions it asks over the inner network."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from chassis.ops.settings import PlatformSettings
from gateway.provider.errors import ProviderAway, ProviderRefused
from gateway.provider.keys import ProviderKeys
from gateway.provider.tokens import Tokens
from gateway.settings import GatewaySettings

SCOPES = (
    "openid profile email offline_access "
    "catalog:read orders:read orders:write payment_methods:write licenses:read licenses:write entitlements:read "
    "members:read members:write webhooks:write operator:read operator:write"
)
ANSWER_SECONDS = 5.0
ACCESS_TOKEN = frozenset({"at+jwt", "application/at+jwt"})
ID_TOKEN = frozenset({"", "jwt"})
LOGOUT_TOKEN = frozenset({"logout+jwt"})


class Provider:
    """Identity, as an OpenID provider. Its public addresses are for browsers, its inner ones for the gateway."""

    def __init__(self, http: httpx.AsyncClient, platform: PlatformSettings, settings: GatewaySettings) -> None:
        self._http = http
        self.issuer = platform.public_url
        self._audience = platform.audience
        self._inner = platform.identity_url
        self.client_id = settings.client_id
        self.redirect_uri = f"{platform.public_url}/bff/callback"
        self._authorization = _basic(settings.client_id, settings.client_secret)
        self.keys = ProviderKeys(http, f"{platform.identity_url}/oauth2/jwks")

    def authorization_url(self, **parameters: str | None) -> str:
        """Where to send a browser to sign in: every scope is asked for, identity grants what the roles allow."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPES,
            "code_challenge_method": "S256",
            **{name: value for name, value in parameters.items() if value},
        }
        return f"{self.issuer}/oauth2/authorize?{urlencode(query, quote_via=quote)}"

    def end_session_url(self, id_token: str) -> str:
        """Where to send a browser to end its session at the provider too (OpenID RP-Initiated Logout 1.0)."""
        query = {
            "id_token_hint": id_token,
            "client_id": self.client_id,
            "post_logout_redirect_uri": f"{self.issuer}/signed-out",
        }
        return f"{self.issuer}/oauth2/logout?{urlencode(query, quote_via=quote)}"

    async def redeem(self, *, code: str, code_verifier: str, nonce: str) -> Tokens:
        """The tokens of an authorization code; the id token's nonce ties them to the browser that asked."""
        answer = await self._token(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self.redirect_uri,
            code_verifier=code_verifier,
        )
        tokens = await self._read(answer, nonce=nonce)
        person = await self._userinfo(tokens.access_token)
        return replace(tokens, name=person.get("name") or tokens.email, locale=person.get("locale"))

    async def refresh(self, refresh_token: str, *, organization_id: str | None = None) -> Tokens:
        """New tokens, for another organization of the person where one is given (identity checks the membership)."""
        more = {"organization": organization_id} if organization_id else {}
        answer = await self._token(grant_type="refresh_token", refresh_token=refresh_token, **more)
        return await self._read(answer)

    async def revoke(self, refresh_token: str) -> None:
        """Give a refresh token back (RFC 7009)."""
        await self._post("/oauth2/revoke", {"token": refresh_token, "token_type_hint": "refresh_token"})

    async def end_session(self, session_id: str, access_token: str) -> bool:
        """End the provider's session on behalf of its owner, without a browser; whether that worked."""
        headers = {"Authorization": f"Bearer {access_token}"}
        try:
            answer = await self._http.delete(f"{self._inner}/api/v1/me/sessions/{session_id}", headers=headers)
        except httpx.HTTPError:
            return False
        return answer.is_success

    async def _token(self, **form: str) -> dict[str, Any]:
        answer = await self._post("/oauth2/token", form)
        return answer.json()

    async def _post(self, path: str, form: dict[str, str]) -> httpx.Response:
        headers = {"Authorization": self._authorization, "Accept": "application/json"}
        try:
            answer = await self._http.post(f"{self._inner}{path}", data=form, headers=headers, timeout=ANSWER_SECONDS)
        except httpx.HTTPError as error:
            raise ProviderAway("identity cannot be reached") from error
        if answer.is_success:
            return answer
        error = _error_of(answer)
        if answer.status_code >= 500 or error is None:
            raise ProviderAway(f"identity answered {answer.status_code}")
        raise ProviderRefused(error.get("error", ""), error.get("error_description", ""))

    async def _read(self, answer: dict[str, Any], *, nonce: str | None = None) -> Tokens:
        access_token, id_token = answer["access_token"], answer.get("id_token")
        claims = await self.keys.claims_of(
            access_token, issuer=self.issuer, audience=self._audience, types=ACCESS_TOKEN
        )
        if id_token or nonce is not None:
            await self._check_id_token(id_token or "", nonce)
        return Tokens(
            access_token=access_token,
            refresh_token=answer.get("refresh_token"),
            id_token=id_token,
            expires_at=datetime.now(UTC) + timedelta(seconds=int(answer.get("expires_in", 300))),
            account_id=claims["sub"],
            session_id=claims.get("sid") or "",
            organization_id=claims.get("org"),
            roles=frozenset(claims.get("roles") or ()),
            scopes=frozenset(str(claims.get("scope", "")).split()),
            email=claims.get("email") or "",
            name=None,
            locale=None,
        )

    async def _userinfo(self, access_token: str) -> dict[str, Any]:
        """Name and language of the person; signing in works without them."""
        try:
            answer = await self._http.get(
                f"{self._inner}/oauth2/userinfo", headers={"Authorization": f"Bearer {access_token}"}
            )
            return answer.json() if answer.is_success else {}
        except (httpx.HTTPError, ValueError):
            return {}

    async def _check_id_token(self, id_token: str, nonce: str | None) -> None:
        claims = await self.keys.claims_of(id_token, issuer=self.issuer, audience=self.client_id, types=ID_TOKEN)
        if nonce is not None and claims.get("nonce") != nonce:
            raise ProviderRefused("invalid_nonce", "The id token belongs to another sign-in.")


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749 §2.3.1: both parts are form-encoded before they are joined."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _error_of(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) and "error" in body else None
