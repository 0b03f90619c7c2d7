"""`Idempotency-Key` on every POST: the same key and body get the first answer again, whatever happened meanwhile."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.db.transaction import Database
from chassis.http.caller import caller_of
from chassis.http.problems import MEDIA_TYPE, headers_of, problem_body
from chassis.http.sealing import seal, stored_key, unseal
from chassis.kernel.errors import BusinessError, Conflict, FieldError, Invalid, Unauthenticated
from chassis.ops import context

LONGEST_KEY = 255
LARGEST_BODY = 10 * 1024 * 1024
RUNNING_FOR_AT_MOST = timedelta(seconds=60)
KEPT_HEADERS = (b"content-type", b"location", b"etag", b"cache-control")


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""

    code, title = "idempotency-key-in-use", "The first request with this key is still running"


class AnswerLost(Conflict):
    """The first request took effect, and its answer was lost with the process that ran it."""

    code, title = "idempotency-answer-lost", "This was already carried out"


class KeyReused(Invalid):
    """The key was used for another request."""

    code, title = "idempotency-key-reused", "This key was used for another request"


class Idempotency:
    """ASGI middleware that keeps answers by caller and key for a day."""

    def __init__(self, app: ASGIApp, runtime: Any) -> None:
        self._app = app
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what carries no key; else run it once."""
        key = _key_of(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        try:
            owner = await self._owner(scope, key)
            if _is_large_upload(scope):
                fingerprint = _fingerprint(scope, key, _header(scope, b"content-length"))
            else:
                body = await _whole_body(receive)
                fingerprint = _fingerprint(scope, key, _content(scope, body))
                receive = _replayed_body(body, receive)
            recorded = await self._begin(owner, stored_key(key), fingerprint)
        except Unauthenticated:
            await self._app(scope, receive, send)
            return
        except BusinessError as error:
            await self._refuse(error, send)
            return
        if recorded is not None:
            await _replay(recorded, unseal(recorded.body, owner=owner, key=key), send)
        else:
            await self._run(scope, receive, send, owner, key)

    async def _owner(self, scope: Scope, key: str) -> str:
        """Whose key it is: the verified caller in its organization, so that a refreshed token changes nothing.

        Who shows no token is known by what they show instead (a client's secret, a cookie), so that nobody is given
        another's answer for guessing the key.
        """
        if not 1 <= len(key) <= LONGEST_KEY:
            detail = "An Idempotency-Key has 1 to 255 characters."
            raise Invalid(errors=[FieldError("header:Idempotency-Key", "invalid_key", detail)])
        scheme = _header(scope, b"authorization").partition(b" ")[0].lower()
        if scheme not in (b"bearer", b"dpop"):
            shown = _header(scope, b"authorization") + b"\x00" + _header(scope, b"cookie")
            return f"anonymous:{hashlib.sha256(shown).hexdigest()}"
        principal = await caller_of(scope, self._runtime)
        return f"{principal.subject}:{principal.client_id}:{principal.organization_id or ''}"

    async def _begin(self, owner: str, key: str, fingerprint: str) -> Any:
        """None when this request is the first; the recorded answer when it was given before."""
        database: Database = self._runtime.database
        keys = database.tables.idempotency_keys
        async with database.transaction() as tx:
            inserted = await tx.first(
                insert(keys)
                .values(owner=owner, key=key, fingerprint=fingerprint, started_at=datetime.now(UTC))
                .on_conflict_do_nothing()
                .returning(keys.c.key)
            )
            if inserted is not None:
                return None
            row = await tx.one(select(keys).where(keys.c.owner == owner, keys.c.key == key).with_for_update())
            if row.fingerprint != fingerprint:
                raise KeyReused("This Idempotency-Key was used for another request. Use a new key.")
            if row.status is not None:
                return row
            if row.started_at > datetime.now(UTC) - RUNNING_FOR_AT_MOST:
                raise StillRunning("The first request with this Idempotency-Key is still running.")
            if row.effect_at is not None:
                raise AnswerLost("This was already carried out; its answer was lost. Look at the list to see it.")
            await tx.execute(
                update(keys).where(keys.c.owner == owner, keys.c.key == key).values(started_at=datetime.now(UTC))
            )
            return None

    async def _run(self, scope: Scope, receive: Receive, send: Send, owner: str, key: str) -> None:
        kept_key = stored_key(key)
        context.current().idempotency_key = (owner, kept_key)
        answer = _Recorder(send)
        try:
            await self._app(scope, receive, answer)
        except BaseException:
            await self._forget(owner, kept_key)
            raise
        if answer.status >= 500 or answer.status in (401, 403, 429):
            await self._forget(owner, kept_key)
        else:
            await self._keep(owner, kept_key, answer, seal(answer.body, owner=owner, key=key))
        await answer.deliver()

    async def _keep(self, owner: str, key: str, answer: "_Recorder", body: bytes) -> None:
        database: Database = self._runtime.database
        keys = database.tables.idempotency_keys
        context.current().idempotency_key = None
        async with database.transaction() as tx:
            await tx.execute(
                update(keys)
                .where(keys.c.owner == owner, keys.c.key == key)
                .values(status=answer.status, headers=answer.kept_headers, body=body)
            )

    async def _forget(self, owner: str, key: str) -> None:
        """A failed request may be tried again, unless its effect was committed before it failed."""
        database: Database = self._runtime.database
        keys = database.tables.idempotency_keys
        context.current().idempotency_key = None
        async with database.transaction() as tx:
            await tx.execute(delete(keys).where(keys.c.owner == owner, keys.c.key == key, keys.c.effect_at.is_(None)))

    async def _refuse(self, error: BusinessError, send: Send) -> None:
        body = orjson.dumps(problem_body(self._runtime.platform.public_url, error))
        headers = [(name.lower().encode(), value.encode()) for name, value in headers_of(error).items()]
        headers += [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": error.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class _Recorder:
    """Holds an answer back until it is stored."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._messages: list[Message] = []
        self.status = 500
        self.body = b""
        self.kept_headers: list[list[str]] = []

    async def __call__(self, message: Message) -> None:
        self._messages.append(message)
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.kept_headers = [
                [name.decode(), value.decode("latin-1")]
                for name, value in message["headers"]
                if name.lower() in KEPT_HEADERS
            ]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def deliver(self) -> None:
        """Send what was held back."""
        for message in self._messages:
            await self._send(message)


def _key_of(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"idempotency-key"), None)


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _is_large_upload(scope: Scope) -> bool:
    """Large uploads are streamed, not held in memory: their length stands for their content."""
    length = _header(scope, b"content-length")
    return _is_upload(scope) and (not length.isdigit() or int(length) > LARGEST_BODY)


def _is_upload(scope: Scope) -> bool:
    return _header(scope, b"content-type").startswith(b"multipart/")


def _content(scope: Scope, body: bytes) -> bytes:
    """The body without the boundary between its parts: clients make up another one each time they send it."""
    boundary = _header(scope, b"content-type").partition(b"boundary=")[2].partition(b";")[0].strip(b' "')
    return body.replace(boundary, b"") if _is_upload(scope) and boundary else body


def _fingerprint(scope: Scope, key: str, body: bytes) -> str:
    """Tells requests apart; the key in it keeps a body with a password from being guessed out of the table."""
    path = scope["path"].encode() + b"?" + scope.get("query_string", b"")
    return hashlib.sha256(key.encode() + b"\x00" + path + b"\x00" + body).hexdigest()


async def _whole_body(receive: Receive) -> bytes:
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise Invalid("A request with an Idempotency-Key may have 10 MiB at most.")
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def _replayed_body(body: bytes, receive: Receive) -> Receive:
    delivered = False

    async def replay() -> Message:
        nonlocal delivered
        if delivered:
            return await receive()
        delivered = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _replay(row: Any, body: bytes, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in row.headers]
    headers += [(b"idempotency-replayed", b"true"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": row.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
