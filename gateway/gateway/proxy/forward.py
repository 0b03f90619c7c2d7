"""Pass one request on to a service and its answer back, both as streams, in constant memory."""

import asyncio
from dataclasses import dataclass, field

import aiohttp
from multidict import CIMultiDict
from starlette.types import Receive, Send
from yarl import URL

from chassis.kernel.errors import BusinessError, Unavailable
from chassis.ops.logging import get_logger
from gateway.proxy.bodies import ClientGone, StreamedBody, body_of
from gateway.proxy.breaker import Breaker
from gateway.proxy.incoming import Header, Incoming
from gateway.proxy.outgoing import outgoing

log = get_logger(__name__)

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


class ServiceSilent(BusinessError):
    """The service took the request and did not answer in time; it may still be carried out."""

    code = "no-answer-in-time"
    title = "There was no answer in time"
    status = 504


@dataclass(slots=True)
class Service:
    """A service as the gateway meets it."""

    name: str
    url: str
    breaker: Breaker = field(default_factory=Breaker)
    in_flight: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """One request on its way to one service."""

    request: Incoming
    service: Service
    headers: CIMultiDict[str]
    most_bytes: int
    may_set_cookies: bool
    is_private: bool
    is_secure: bool


class Forwarder:
    """Carries requests over the gateway's pool of connections."""

    def __init__(self, client: aiohttp.ClientSession, *, max_in_flight: int) -> None:
        self._client = client
        self._max_in_flight = max_in_flight

    async def forward(self, passage: Passage, receive: Receive, send: Send) -> int:
        """The status that was passed back. Raises a `BusinessError` while nothing of an answer has been sent."""
        service, request = passage.service, passage.request
        body = await body_of(request, receive, passage.most_bytes)
        self._admit(service)
        service.in_flight += 1
        settled = False
        try:
            answer = await self._ask(passage, body)
            settled = True
            service.breaker.succeeded()
            async with answer:
                return await self._answer(passage, answer, send)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(body, StreamedBody) and (body.refusal or body.is_client_gone):
                raise body.refusal or ClientGone() from error
            settled = True
            service.breaker.failed()
            raise _refusal(service, error) from error
        finally:
            service.in_flight -= 1
            if not settled:
                service.breaker.abandoned()

    def _admit(self, service: Service) -> None:
        shut = service.breaker.seconds_shut()
        if shut:
            raise Unavailable("This part does not answer at the moment.", retry_after=max(1, round(shut)))
        if service.in_flight >= self._max_in_flight:
            raise Unavailable("Too much is going on at the moment. Please try again.", retry_after=1)

    async def _ask(self, passage: Passage, body: bytes | StreamedBody | None) -> aiohttp.ClientResponse:
        """Connecting is tried twice where doing so twice is harmless and nothing of a body has gone out."""
        try:
            return await self._send(passage, body)
        except aiohttp.ClientConnectorError:
            if passage.request.method not in REPEATABLE or isinstance(body, StreamedBody):
                raise
            await asyncio.sleep(0.05)
            return await self._send(passage, body)

    async def _send(self, passage: Passage, body: bytes | StreamedBody | None) -> aiohttp.ClientResponse:
        return await self._client.request(
            passage.request.method,
            URL(f"{passage.service.url}{passage.request.target}", encoded=True),
            headers=passage.headers,
            data=aiter(body) if isinstance(body, StreamedBody) else body,
            allow_redirects=False,
        )

    async def _answer(self, passage: Passage, answer: aiohttp.ClientResponse, send: Send) -> int:
        work = passage.request.work
        ids: tuple[Header, ...] = (
            (b"x-request-id", work.request_id.encode()),
            (b"traceparent", work.traceparent.encode()),
        )
        headers = outgoing(
            answer.raw_headers,
            ids=ids,
            may_set_cookies=passage.may_set_cookies,
            is_private=passage.is_private,
            is_secure=passage.is_secure,
        )
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await self._pass_on(answer, send, passage.service)
        return answer.status

    async def _pass_on(self, answer: aiohttp.ClientResponse, send: Send, service: Service) -> None:
        """Piece by piece. A service that breaks off leaves the answer incomplete, and the server cuts the connection:
        that is how HTTP says so once the status is out."""
        content = answer.content
        try:
            while True:
                piece = await content.readany()
                is_last = content.at_eof()
                await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
                if is_last:
                    return
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("proxy.answer_broken_off", target=service.name, reason=repr(error))


def _refusal(service: Service, error: Exception) -> BusinessError:
    if isinstance(error, aiohttp.ServerTimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError):
        log.warning("proxy.no_answer", target=service.name)
        return ServiceSilent("There was no answer in time. Please look whether it was done before you try again.")
    log.warning("proxy.unreachable", target=service.name, reason=type(error).__name__)
    return Unavailable("This part does not answer at the moment. Please try again.")
