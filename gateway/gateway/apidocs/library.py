"""The merged documents, kept and looked at again so that a service's new version shows up by itself."""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from chassis.runtime import Runtime
from gateway.apidocs import asyncapi, openapi
from gateway.edges import services_of

Document = dict[str, Any]

LOOK_AGAIN_SECONDS = 10.0
MISSING_AGAIN_SECONDS = 1.0
ANSWER_SECONDS = 3.0
KINDS = ("openapi.json", "asyncapi.json")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Both documents as they are sent, and the one that pages are made of."""

    openapi: bytes
    asyncapi: bytes
    version: str
    document: Document


class Library:
    """Fetches what the services say about themselves over the inner network; the last good copy always serves."""

    def __init__(self, app: FastAPI, runtime: Runtime) -> None:
        self._app = app
        self._http = runtime.http
        self._public_url = runtime.platform.public_url
        self._services = services_of(runtime)
        self._copies: dict[tuple[str, str], Document] = {}
        self._digest = ""
        self._shelf: Shelf | None = None
        self._look_at = 0.0
        self._looking = asyncio.Lock()

    async def shelf(self) -> Shelf:
        """The documents, at most ten seconds behind the services."""
        if self._shelf is None or time.monotonic() > self._look_at:
            async with self._looking:
                if self._shelf is None or time.monotonic() > self._look_at:
                    await self._look()
        assert self._shelf is not None
        return self._shelf

    async def _look(self) -> None:
        wanted = [(service, kind) for service in self._services for kind in KINDS]
        found = await asyncio.gather(*(self._fetch(service, kind) for service, kind in wanted))
        self._copies |= {place: copy for place, copy in zip(wanted, found, strict=True) if copy is not None}
        is_whole = len(self._copies) == len(wanted)
        self._look_at = time.monotonic() + (LOOK_AGAIN_SECONDS if is_whole else MISSING_AGAIN_SECONDS)
        digest = hashlib.sha256(orjson.dumps(sorted(self._copies.items()))).hexdigest()[:16]
        if self._shelf is None or digest != self._digest:
            self._digest, self._shelf = digest, self._merge(digest)

    def _merge(self, version: str) -> Shelf:
        own = {"gateway": self._app.openapi()}
        described = own | {name: copy for name in self._services if (copy := self._copies.get((name, KINDS[0])))}
        events = {name: copy for name in self._services if (copy := self._copies.get((name, KINDS[1])))}
        document = openapi.merged(described, public_url=self._public_url)
        return Shelf(
            openapi=orjson.dumps(document),
            asyncapi=orjson.dumps(asyncapi.merged(events)),
            version=version,
            document=document,
        )

    async def _fetch(self, service: str, kind: str) -> Document | None:
        try:
            answer = await self._http.get(f"{self._services[service]}/{kind}", timeout=ANSWER_SECONDS)
            document = answer.json() if answer.is_success else None
        except (httpx.HTTPError, ValueError):
            return None
        is_one = isinstance(document, dict) and kind.removesuffix(".json") in document
        return document if is_one else None
