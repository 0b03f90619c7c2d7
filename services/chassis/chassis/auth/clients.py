"""Calls from service to service: rare, with a client-credentials token that is kept until shortly before it ends."""

import time
from typing import Any

import httpx

from chassis.kernel.errors import Unavailable
from chassis.ops import context

SECONDS_OF_RESERVE = 60


class ServiceClient:
    """An HTTP client that signs in as a service of the platform with the scope `internal`."""

    def __init__(
        self, http: httpx.AsyncClient, *, token_url: str, client_id: str, client_secret: str, audience: str
    ) -> None:
        self._http = http
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._audience = audience
        self._token = ""
        self._good_until = 0.0

    async def get(self, url: str, **options: Any) -> httpx.Response:
        """GET with the service's token; raises Unavailable when nobody answers."""
        return await self.request("GET", url, **options)

    async def post(self, url: str, json: Any = None, **options: Any) -> httpx.Response:
        """POST with the service's token; raises Unavailable when nobody answers."""
        return await self.request("POST", url, json=json, **options)

    async def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Any method; a token refused once (keys were rotated) is fetched anew once."""
        try:
            answer = await self._send(method, url, **options)
            if answer.status_code == 401:
                self._good_until = 0.0
                answer = await self._send(method, url, **options)
        except httpx.HTTPError as error:
            raise Unavailable(f"{url.split('/')[2]} does not answer.") from error
        return answer

    async def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        work = context.current()
        headers = {
            "Authorization": f"Bearer {await self._access_token()}",
            "X-Request-Id": work.request_id,
            "traceparent": work.traceparent,
        }
        return await self._http.request(method, url, headers=headers, **options)

    async def _access_token(self) -> str:
        if time.monotonic() > self._good_until:
            answer = await self._http.post(
                self._token_url,
                data={"grant_type": "client_credentials", "scope": "internal", "resource": self._audience},
                auth=(self._client_id, self._client_secret),
            )
            answer.raise_for_status()
            body = answer.json()
            self._token = body["access_token"]
            self._good_until = time.monotonic() + body.get("expires_in", 600) - SECONDS_OF_RESERVE
        return self._token
