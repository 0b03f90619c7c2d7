"""A stateful double of Stripe's API on a loopback port: idempotency keys, test cards, direct debits, faults, webhooks."""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Literal
from urllib.parse import parse_qsl

import orjson
import uvicorn
from starlette.requests import Request

from tests.harness.eventually import eventually
from tests.harness.servers import free_port
from tests.harness.stripe_routes import ROUTES, Params
from tests.harness.stripe_state import Object, StripeError, StripeState, invalid

API_KEY = "sk_test_double"
WEBHOOK_SECRET = "whsec_double"

Fault = Literal["unheard", "lost", "error", "held"]
Answer = tuple[int, Object]


class StripeDouble:
    """Stripe as far as the shop calls it. `state` is what it holds; tests play the payer and the bank there."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.state = StripeState(self.url)
        self.requests: list[tuple[str, str, str]] = []
        self._answers: dict[str, tuple[Params, Answer | None]] = {}
        self._faults: list[tuple[str, Fault]] = []
        self._released = asyncio.Event()
        self._event_numbers = count(1)

    def fail_next(self, fault: Fault, path: str = "payment_intents") -> None:
        """The next POST to a path: never arrives, loses its answer, is an error 500, or waits for `release`."""
        self._faults.append((path, fault))

    def release(self) -> None:
        """Let go what is held."""
        self._released.set()

    def forget_keys(self) -> None:
        """A day has passed: what comes with a known key is new again."""
        self._answers.clear()

    def index(self) -> None:
        """A minute has passed: the search knows everything there is."""
        self.state.searchable = set(self.state.objects)

    def intents(self, reference: str) -> list[Object]:
        """The payment intents made for one of the shop's keys."""
        return [made for made in self.state.all("payment_intent") if made["metadata"].get("reference") == reference]

    def event(self, event_type: str, about: Object) -> bytes:
        """The body of a webhook."""
        event = {"id": f"evt_{next(self._event_numbers)}", "object": "event", "type": event_type}
        return orjson.dumps(event | {"data": {"object": about}})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        request = Request(scope, receive)
        pairs = parse_qsl(request.url.query) + parse_qsl((await request.body()).decode())
        path, params = request.url.path.removeprefix("/v1/"), _params(pairs)
        key = request.headers.get("idempotency-key", "")
        self.requests.append((request.method, path, key))
        fault = self._fault(request.method, path)
        if fault == "unheard":
            await _hang_up(send)
            return
        if fault == "error":
            await _reply(send, 500, {"error": {"type": "api_error"}})
            return
        if request.headers.get("authorization") != f"Bearer {API_KEY}" or "stripe-version" not in request.headers:
            await _reply(send, 401, {"error": {"type": "invalid_request_error"}})
            return
        status, body = await self._once(request.method, path, params, key, is_held=fault == "held")
        if fault == "lost":
            await _hang_up(send)
        else:
            await _reply(send, status, body)

    async def _once(self, method: str, path: str, params: Params, key: str, *, is_held: bool) -> Answer:
        """The same key and parameters get the same answer; other parameters, or a second call meanwhile, an error."""
        if method == "GET":
            return self._carry_out(method, path, params)
        if not key:
            return 400, {"error": {"type": "invalid_request_error", "code": "this_double_wants_keys"}}
        told = {"path": path, **params}
        if key in self._answers:
            said, answer = self._answers[key]
            if said != told:
                return 400, {"error": {"type": "idempotency_error"}}
            return answer or (409, {"error": {"type": "idempotency_error", "code": "idempotency_key_in_use"}})
        self._answers[key] = (told, None)
        if is_held:
            await self._released.wait()
        await asyncio.sleep(0)
        answer = self._carry_out(method, path, params)
        self._answers[key] = (told, answer)
        return answer

    def _carry_out(self, method: str, path: str, params: Params) -> Answer:
        for verb, pattern, handle in ROUTES:
            found = re.fullmatch(pattern, path)
            if verb == method and found:
                try:
                    return 200, orjson.loads(orjson.dumps(handle(self.state, params, *found.groups())))
                except StripeError as error:
                    return error.status, orjson.loads(orjson.dumps(error.body))
        return 404, invalid("unknown_path").body

    def _fault(self, method: str, path: str) -> Fault | None:
        for planned in self._faults:
            if method == "POST" and path == planned[0]:
                self._faults.remove(planned)
                return planned[1]
        return None


def signed(body: bytes, *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that a webhook comes with."""
    signed_at = str(int(at if at is not None else time.time()))
    digest = hmac.new(secret.encode(), f"{signed_at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={signed_at},v1={digest},v0=old", "Content-Type": "application/json"}


@asynccontextmanager
async def running_stripe() -> AsyncIterator[StripeDouble]:
    """The double on a free loopback port."""
    double = StripeDouble(port := free_port())
    config = uvicorn.Config(double, port=port, log_level="critical", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield double
    finally:
        double.release()
        server.should_exit = True
        await task


def _params(pairs: list[tuple[str, str]]) -> Params:
    params: Params = {}
    for name, value in pairs:
        if name.endswith("[]"):
            params.setdefault(name.removesuffix("[]"), []).append(value)
        elif found := re.fullmatch(r"(\w+)\[(\w+)\]", name):
            params.setdefault(found[1], {})[found[2]] = value
        else:
            params[name] = value
    return params


async def _reply(send: Any, status: int, body: Object) -> None:
    headers = [(b"content-type", b"application/json"), (b"request-id", b"req_double")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(body)})


async def _hang_up(send: Any) -> None:
    """Promise a body and never send it: the server closes the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
