"""Stripe's HTTP interface: form-encoded requests, a key on each POST, and what its errors mean for money.

Only what proves that nothing happened is an error of its own; everything else is `ProviderUnreachable`: ask first.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from chassis.ops.logging import get_logger
from shop.payments.provider import ProviderUnreachable

log = get_logger(__name__)

VERSION = "2024-06-20"
Object = dict[str, Any]
Params = Mapping[str, str | int | list[str]]


class CardRefused(Exception):
    """402: the bank said no. `intent` is the intent as it stands now, where the error carries one."""

    def __init__(self, error: Object) -> None:
        super().__init__(str(error.get("code")))
        self.error = error
        self.intent: Object | None = error.get("payment_intent")


class RequestRefused(Exception):
    """400 or 404: Stripe did not carry it out, and never will in this form."""

    def __init__(self, error: Object) -> None:
        self.code = str(error.get("code") or error.get("type") or "invalid_request")
        super().__init__(self.code)


class KeyReused(ValueError):
    """The idempotency key was used for a request that said something else."""


class StripeApi:
    """Calls Stripe. `url` and `timeout` differ in tests only."""

    def __init__(self, http: httpx.AsyncClient, *, key: str, url: str, timeout: float = 20) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._headers = {"Authorization": f"Bearer {key}", "Stripe-Version": VERSION}

    async def get(self, path: str, params: Params | None = None) -> Object:
        """Read. Raises RequestRefused, ProviderUnreachable."""
        return await self._send("GET", path, {}, params=dict(params or {}))

    async def post(self, path: str, params: Params, *, key: str) -> Object:
        """Have something done; within a day the same `key` gets the first answer again.

        Raises CardRefused, RequestRefused, KeyReused, ProviderUnreachable.
        """
        return await self._send("POST", path, {"Idempotency-Key": key}, data=dict(params))

    async def _send(self, method: str, path: str, headers: dict[str, str], **content: Any) -> Object:
        try:
            answer = await self._http.request(
                method,
                f"{self._url}/v1/{path}",
                headers=self._headers | headers,
                timeout=self._timeout,
                follow_redirects=False,
                **content,
            )
            body = answer.json()
        except (httpx.HTTPError, ValueError) as silence:
            log.warning("stripe.no_answer", path=path.partition("/")[0], reason=type(silence).__name__)
            raise ProviderUnreachable from silence
        if answer.status_code == 200 and isinstance(body, dict):
            return body
        raise _refusal(answer, body)


def part(identifier: str) -> str:
    """An identifier as one segment of a path: those of an imported file may contain anything."""
    return quote(identifier, safe="") or "-"


def _refusal(answer: httpx.Response, body: Any) -> Exception:
    error: Object = (body.get("error") if isinstance(body, dict) else None) or {}
    if answer.status_code == 402:
        return CardRefused(error)
    log.warning(
        "stripe.refused",
        status=answer.status_code,
        type=error.get("type"),
        code=error.get("code"),
        param=error.get("param"),
        stripe_request=answer.headers.get("request-id"),
    )
    if answer.status_code in (401, 403):
        log.error("stripe.access_denied", status=answer.status_code)
    if answer.status_code == 400 and error.get("type") == "idempotency_error":
        return KeyReused("The idempotency key was used for another request.")
    if answer.status_code in (400, 404):
        return RequestRefused(error)
    return ProviderUnreachable()
