"""A party outside the gateway: an identity provider that behaves, and services that tell what reached them."""

import asyncio
import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import orjson
import uvicorn
from joserfc import jws

from chassis.kernel.ids import new_id
from tests.harness.servers import free_port
from tests.harness.tokens import ISSUER, KEY, access_token

Receive = Any
Send = Any
MEBIBYTE = 1024 * 1024
REDIRECT_URI = f"{ISSUER}/bff/callback"


@dataclass
class Person:
    """Somebody who can sign in at the provider."""

    account_id: str
    email: str
    organizations: dict[str, tuple[str, ...]]
    scopes: str = "openid offline_access catalog:read orders:read orders:write"
    token_seconds: int = 300


@dataclass
class Grant:
    """What the provider remembers of a sign-in."""

    person: Person
    organization_id: str
    session_id: str
    nonce: str = ""
    challenge: str = ""
    is_ended: bool = False


@dataclass
class Party:
    """Provider and services in one; a test moves its knobs and reads what it was asked."""

    port: int
    codes: dict[str, Grant] = field(default_factory=dict)
    refresh_tokens: dict[str, Grant] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    refreshes: int = 0
    refresh_seconds: float = 0.0
    is_down: bool = False
    is_unready: bool = False
    documents: dict[str, Any] = field(default_factory=dict)
    ended_sessions: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    largest_piece: int = 0

    @property
    def url(self) -> str:
        """The inner address."""
        return f"http://127.0.0.1:{self.port}"

    def authorize(self, location: str, person: Person, organization_id: str | None = None) -> str:
        """What the provider's pages do with the address that the gateway sent a browser to; where it comes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["redirect_uri"] == REDIRECT_URI
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = Grant(
            person=person,
            organization_id=organization_id or next(iter(person.organizations), ""),
            session_id=new_id("ses"),
            nonce=asked["nonce"],
            challenge=asked["code_challenge"],
        )
        return f"/bff/callback?{urlencode({'code': code, 'state': asked['state'], 'iss': ISSUER})}"

    def last_call(self) -> dict[str, Any]:
        """The service call that came last."""
        return self.calls[-1]

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        if self.is_down and path.startswith("/oauth2/"):
            await _json(send, 503, {"error": "temporarily_unavailable"})
        elif path == "/oauth2/jwks":
            await _json(send, 200, {"keys": [KEY.as_dict(private=False)]})
        elif path == "/oauth2/token":
            await self._token(scope, receive, send)
        elif path == "/oauth2/userinfo":
            await _json(send, 200, {"sub": "anyone", "name": "Anna Berger", "locale": "de"})
        elif path == "/readyz":
            await _json(send, 503 if self.is_unready else 200, {})
        elif path in self.documents:
            await _json(send, 200, self.documents[path])
        elif path == "/authorize":
            await self._authorize(receive, send)
        elif path == "/oauth2/revoke":
            self.revoked.append(dict(parse_qsl((await _body(receive)).decode()))["token"])
            await _json(send, 200, {})
        elif path.startswith("/api/v1/me/sessions/"):
            self.ended_sessions.append(path.rpartition("/")[2])
            await _json(send, 204, None)
        else:
            await self._serve(scope, receive, send)

    async def _authorize(self, receive: Receive, send: Send) -> None:
        """The same as `authorize`, for a test in another process."""
        asked = orjson.loads(await _body(receive))
        person = Person(asked["account_id"], asked["email"], {"org_a": ("owner",)})
        link = self.authorize(asked["location"], person).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(link))]})
        await send({"type": "http.response.body", "body": link})

    async def _token(self, scope: Any, receive: Receive, send: Send) -> None:
        form = dict(parse_qsl((await _body(receive)).decode()))
        headers = dict(scope["headers"])
        assert headers[b"authorization"].startswith(b"Basic ")
        if form["grant_type"] == "authorization_code":
            grant = self.codes.pop(form["code"], None)
            verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
            if grant is None or base64.urlsafe_b64encode(verifier).decode().rstrip("=") != grant.challenge:
                await _json(send, 400, {"error": "invalid_grant"})
                return
        else:
            self.refreshes += 1
            await asyncio.sleep(self.refresh_seconds)
            grant = self.refresh_tokens.pop(form["refresh_token"], None)
            wanted = form.get("organization")
            if grant is None or grant.is_ended or (wanted and wanted not in grant.person.organizations):
                await _json(send, 400, {"error": "invalid_grant"})
                return
            grant.organization_id = wanted or grant.organization_id
        await _json(send, 200, self._tokens(grant))

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        refresh_token = f"rt_{secrets.token_urlsafe(16)}"
        self.refresh_tokens[refresh_token] = grant
        person = grant.person
        return {
            "access_token": access_token(
                subject=person.account_id,
                scopes=person.scopes,
                org=grant.organization_id,
                roles=person.organizations.get(grant.organization_id, ()),
                email=person.email,
                lifetime=person.token_seconds,
                sid=grant.session_id,
            ),
            "expires_in": person.token_seconds,
            "refresh_token": refresh_token,
            "id_token": self.id_token(grant),
            "token_type": "Bearer",
        }

    def id_token(self, grant: Grant, **claims: Any) -> str:
        """Who signed in."""
        now = int(time.time())
        content = {
            "iss": ISSUER,
            "aud": "gateway",
            "sub": grant.person.account_id,
            "sid": grant.session_id,
            "nonce": grant.nonce,
            "iat": now,
            "exp": now + 600,
        }
        return signed(content | claims, "JWT")

    async def _serve(self, scope: Any, receive: Receive, send: Send) -> None:
        """The services: tell what arrived; `/api/v1/products/big` streams, `/api/v1/orders` reads a body."""
        headers = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]]
        call = {
            "method": scope["method"],
            "target": scope["raw_path"].decode()
            + ("?" + scope["query_string"].decode() if scope["query_string"] else ""),
            "headers": headers,
        }
        self.calls.append(call)
        match scope["path"]:
            case "/api/v1/products/big":
                await _stream(send, int(dict(parse_qsl(scope["query_string"].decode()))["mebibytes"]))
            case "/api/v1/products/slow":
                await asyncio.sleep(2)
            case "/api/v1/products/broken":
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
                await send({"type": "http.response.body", "body": b"half", "more_body": True})
            case _:
                call["bytes"] = await self._count(receive)
                extra = [(b"set-cookie", b"own=1; Path=/"), (b"set-cookie", b"gw=stolen; Path=/"), (b"server", b"x")]
                await _json(send, 200, call, extra)

    async def _count(self, receive: Receive) -> int:
        total, more = 0, True
        while more:
            message = await receive()
            piece = message.get("body", b"")
            self.largest_piece = max(self.largest_piece, len(piece))
            total += len(piece)
            more = message.get("more_body", False)
        return total


def signed(content: dict[str, Any], kind: str) -> str:
    """A token of the provider."""
    return jws.serialize_compact({"alg": "ES256", "typ": kind, "kid": "tests"}, orjson.dumps(content), KEY)


@contextmanager
def running_party() -> Iterator[Party]:
    """The party on a port of its own, in a thread of its own, so that it and the gateway never wait for each other."""
    party = Party(free_port())
    server = uvicorn.Server(uvicorn.Config(party, port=party.port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield party
    finally:
        server.should_exit = True
        thread.join(5)


async def _body(receive: Receive) -> bytes:
    content, more = b"", True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    return content


async def _json(send: Send, status: int, content: Any, extra: list[tuple[bytes, bytes]] | None = None) -> None:
    body = b"" if content is None else orjson.dumps(content)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _stream(send: Send, mebibytes: int) -> None:
    size = str(mebibytes * MEBIBYTE).encode()
    headers = [(b"content-type", b"application/octet-stream"), (b"content-length", size)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    piece = b"x" * MEBIBYTE
    for number in range(mebibytes):
        await send({"type": "http.response.body", "body": piece, "more_body": number + 1 < mebibytes})
