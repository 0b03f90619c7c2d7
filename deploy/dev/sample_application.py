"""A small product application: an ordinary OpenID Connect client that asks Portico who may use it.

It shows what a vendor's application needs: code flow with PKCE, back-channel logout, and an entitlement check as a
partner client on every page.
"""

import base64
import hashlib
import html
import json
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

COOKIE = "sample_session"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


@dataclass(frozen=True)
class Registration:
    """What the operator gave this application: its OIDC client, its partner client, its product."""

    client_id: str
    client_secret: str
    partner_client_id: str
    partner_client_secret: str
    product: str
    name: str


@dataclass
class Visit:
    """A browser that is signed in here."""

    email: str
    session_id: str
    id_token: str


@dataclass
class SampleApplication:
    """Sessions live in memory: this is a sample, and signing in again costs one redirect."""

    issuer: str
    own_url: str
    client_file: Path
    http: httpx.AsyncClient
    visits: dict[str, Visit] = field(default_factory=dict)
    attempts: dict[str, str] = field(default_factory=dict)
    partner_token: tuple[str, float] = ("", 0.0)

    @property
    def registration(self) -> Registration:
        """Read at each use, because the operator may register the application after it was started."""
        return Registration(**json.loads(self.client_file.read_text()))

    async def home(self, request: Request) -> Response:
        """The application itself, for those whose seat is valid now."""
        visit = self.visits.get(request.cookies.get(COOKIE, ""))
        if visit is None:
            return self._sign_in()
        answer = await self._entitlement(visit.email)
        name = html.escape(self.registration.name)
        if not answer["allowed"]:
            text = f"<p id='refused'>No access to {name}: {html.escape(answer['reason'])}.</p>"
            return HTMLResponse(PAGE.format(title="No access", body=text), 403)
        until = html.escape(_for_people(answer["valid_until"]))
        text = (
            f"<p>Signed in as <strong id='who'>{html.escape(visit.email)}</strong>.</p>"
            f"<p id='entitled'>You may use it until {until} ({html.escape(answer['reason'])}).</p>"
            f"<p><a href='{html.escape(self.issuer)}/'>App Portal</a> · <a href='/sign-out'>Sign out</a></p>"
        )
        return HTMLResponse(PAGE.format(title=name, body=text))

    async def callback(self, request: Request) -> Response:
        """Where the provider sends the browser back with a code."""
        state = request.query_params.get("state", "")
        verifier = self.attempts.pop(state, None)
        if verifier is None or request.query_params.get("iss", self.issuer) != self.issuer:
            return HTMLResponse(
                PAGE.format(title="Sign-in failed", body="<p>Please <a href='/'>try again</a>.</p>"), 400
            )
        if "error" in request.query_params:
            reason = html.escape(request.query_params["error"])
            return HTMLResponse(PAGE.format(title="Sign-in failed", body=f"<p>{reason}</p>"), 400)
        tokens = await self._redeem(request.query_params["code"], verifier)
        claims = await self._verified(tokens["id_token"])
        person = await self.http.get(
            f"{self.issuer}/oauth2/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
        )
        key = secrets.token_urlsafe(32)
        self.visits[key] = Visit(person.json()["email"], claims["sid"], tokens["id_token"])
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, key, httponly=True, samesite="lax")
        return response

    async def sign_out(self, request: Request) -> Response:
        """Sign out here and at the provider."""
        visit = self.visits.pop(request.cookies.get(COOKIE, ""), None)
        query = urlencode({"id_token_hint": visit.id_token}) if visit else ""
        return RedirectResponse(f"{self.issuer}/oauth2/logout?{query}", 303)

    async def backchannel_logout(self, request: Request) -> Response:
        """The provider tells that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""
        form = await request.form()
        claims = await self._verified(str(form["logout_token"]))
        if LOGOUT_EVENT not in claims.get("events", {}):
            return Response(status_code=400)
        self.visits = {key: visit for key, visit in self.visits.items() if visit.session_id != claims.get("sid")}
        return Response(status_code=200, headers={"Cache-Control": "no-store"})

    async def health(self, request: Request) -> Response:
        """The process lives."""
        return Response("ok")

    def _sign_in(self) -> Response:
        state, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        self.attempts[state] = verifier
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self.registration.client_id,
                "redirect_uri": f"{self.own_url}/callback",
                "scope": "openid email",
                "state": state,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        return RedirectResponse(f"{self.issuer}/oauth2/authorize?{query}", 303)

    async def _redeem(self, code: str, verifier: str) -> dict[str, Any]:
        mine = self.registration
        answer = await self.http.post(
            f"{self.issuer}/oauth2/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": f"{self.own_url}/callback",
                "code_verifier": verifier,
            },
            auth=(mine.client_id, mine.client_secret),
        )
        answer.raise_for_status()
        return dict(answer.json())

    async def _verified(self, token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set((await self.http.get(f"{self.issuer}/oauth2/jwks")).json())
        claims = jwt.decode(token, keys, algorithms=["ES256"]).claims
        if claims["iss"] != self.issuer or self.registration.client_id not in claims["aud"]:
            raise ValueError("The token is meant for another client.")
        return claims

    async def _entitlement(self, email: str) -> dict[str, Any]:
        answer = await self.http.get(
            f"{self.issuer}/api/v1/entitlements/check",
            params={"product": self.registration.product, "email": email},
            headers={"Authorization": f"Bearer {await self._partner_token()}"},
        )
        answer.raise_for_status()
        return dict(answer.json())

    async def _partner_token(self) -> str:
        token, good_until = self.partner_token
        if time.monotonic() > good_until:
            mine = self.registration
            answer = await self.http.post(
                f"{self.issuer}/oauth2/token",
                data={"grant_type": "client_credentials", "scope": "entitlements:read"},
                auth=(mine.partner_client_id, mine.partner_client_secret),
            )
            answer.raise_for_status()
            token = answer.json()["access_token"]
            self.partner_token = (token, time.monotonic() + answer.json()["expires_in"] - 60)
        return token


def _for_people(instant: str | None) -> str:
    """An instant of the API as people read it."""
    return "further notice" if instant is None else f"{datetime.fromisoformat(instant):%-d %B %Y, %H:%M} UTC"


def create_app(*, issuer: str, own_url: str, client_file: Path) -> Starlette:
    """The application as an ASGI app."""
    sample = SampleApplication(issuer, own_url, client_file, httpx.AsyncClient(timeout=10))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await sample.http.aclose()

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/", sample.home),
            Route("/callback", sample.callback),
            Route("/sign-out", sample.sign_out),
            Route("/backchannel-logout", sample.backchannel_logout, methods=["POST"]),
            Route("/healthz", sample.health),
        ],
    )


def main() -> None:
    """Serve the sample where the environment says."""
    app = create_app(
        issuer=os.environ["PUBLIC_URL"],
        own_url=os.environ["SAMPLE_URL"],
        client_file=Path(os.environ["SAMPLE_CLIENT_FILE"]),
    )
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["SAMPLE_PORT"]), access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
