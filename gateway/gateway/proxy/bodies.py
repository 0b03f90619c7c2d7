"""Request bodies on their way through: small ones whole, large ones piece by piece, never more than allowed."""

from collections.abc import AsyncIterator

from starlette.types import Receive

from chassis.kernel.errors import TooLarge
from gateway.proxy.incoming import Incoming

SMALL = 64 * 1024


class ClientGone(Exception):
    """The caller hung up before the request was complete."""


class StreamedBody:
    """A body that is passed on as it arrives; afterwards it tells how far it came."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self.passed = 0
        self.refusal: TooLarge | None = None
        self.is_client_gone = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces; stops with an error where there are too many or the caller hangs up."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.is_client_gone = True
                raise ClientGone()
            piece = message.get("body", b"")
            more = message.get("more_body", False)
            self.passed += len(piece)
            if self.passed > self._most:
                self.refusal = too_large(self._most)
                raise self.refusal
            if piece:
                yield piece


async def body_of(request: Incoming, receive: Receive, most: int) -> bytes | StreamedBody | None:
    """The body in the form that suits its size. Raises `TooLarge` as early as it is known."""
    length = request.content_length
    if not length and not request.is_chunked:
        return None
    if length is not None and length > most:
        raise too_large(most)
    body = StreamedBody(receive, most)
    if length is not None and length <= SMALL:
        return b"".join([piece async for piece in body])
    return body


def too_large(most: int) -> TooLarge:
    """The refusal that says how much is taken."""
    return TooLarge(f"At most {most // (1024 * 1024)} MiB are taken here.")
