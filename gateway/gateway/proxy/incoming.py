"""A request read once: what the gateway itself needs of it, and the headers that may go on to a service."""

from dataclasses import dataclass, field

from starlette.types import Scope

from chassis.http.problems import MethodNotAllowed
from chassis.kernel.errors import BusinessError, Malformed
from chassis.ops.context import WorkContext, begin
from gateway.paths import is_plain

Header = tuple[bytes, bytes]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MOST_HEADERS = 100
LARGEST_HEADERS = 16 * 1024

_READ = frozenset(
    {
        b"authorization",
        b"connection",
        b"content-length",
        b"cookie",
        b"host",
        b"origin",
        b"sec-fetch-site",
        b"traceparent",
        b"transfer-encoding",
        b"x-csrf",
        b"x-request-id",
    }
)
_KEPT_TOO = frozenset({b"origin", b"sec-fetch-site"})
_ONCE = frozenset({b"authorization", b"content-length", b"host", b"origin", b"x-csrf"})
_DROPPED = frozenset(
    {b"expect", b"forwarded", b"keep-alive", b"proxy-authorization", b"proxy-connection", b"te", b"trailer", b"upgrade"}
)
_SPOOFABLE = (b"x-forwarded-", b"x-real-", b"x-user", b"x-auth", b"x-original-", b"x-rewrite-")


class HeadersTooLarge(BusinessError):
    """More headers than are taken."""

    code = "headers-too-large"
    title = "The headers of the request are too large"
    status = 431


@dataclass(slots=True)
class Incoming:
    """One request at the door."""

    method: str
    path: str
    raw_path: bytes
    query: bytes
    headers: list[Header] = field(repr=False)
    """Those that may go on: no identity, no cookie, nothing about the connection."""
    seen: dict[bytes, bytes] = field(repr=False)
    peer: str
    content_length: int | None
    is_chunked: bool
    work: WorkContext

    def text(self, name: bytes) -> str | None:
        """A header that the gateway itself reads."""
        value = self.seen.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def target(self) -> str:
        """Path and query exactly as they came."""
        path = self.raw_path.decode("latin-1")
        return f"{path}?{self.query.decode('latin-1')}" if self.query else path


def read(scope: Scope) -> Incoming:
    """The request, or a `BusinessError` where it is not one that everybody reads alike (RFC 9112 §11.2)."""
    raw = scope["headers"]
    seen, kept = _sort(raw)
    work = begin(
        seen.get(b"x-request-id", b"").decode("latin-1"), seen.get(b"traceparent", b"").decode("latin-1"), "anonymous"
    )
    if len(raw) > MOST_HEADERS or sum(len(name) + len(value) for name, value in raw) > LARGEST_HEADERS:
        raise HeadersTooLarge()
    if scope["method"] not in METHODS:
        raise MethodNotAllowed()
    if b"host" not in seen and scope.get("http_version") == "1.1":
        raise Malformed("The header host is missing.")
    raw_path = scope.get("raw_path") or scope["path"].encode()
    if not is_plain(raw_path):
        raise Malformed("The address is not a plain path.")
    if b"connection" in seen:
        named = {token.strip().lower() for token in seen[b"connection"].split(b",")}
        kept = [header for header in kept if header[0] not in named]
    client = scope.get("client")
    return Incoming(
        method=scope["method"],
        path=scope["path"],
        raw_path=raw_path,
        query=scope["query_string"],
        headers=kept,
        seen=seen,
        peer=client[0] if client else "",
        content_length=_length(seen),
        is_chunked=b"transfer-encoding" in seen,
        work=work,
    )


def _sort(raw: list[Header]) -> tuple[dict[bytes, bytes], list[Header]]:
    seen: dict[bytes, bytes] = {}
    kept: list[Header] = []
    for header in raw:
        name, value = header
        if name in _READ:
            if name in seen:
                if name in _ONCE:
                    raise Malformed(f"The header {name.decode()} came twice.")
                value = seen[name] + (b"; " if name == b"cookie" else b", ") + value
            seen[name] = value
            if name in _KEPT_TOO:
                kept.append(header)
        elif name not in _DROPPED and not name.startswith(_SPOOFABLE):
            kept.append(header)
        if b"\x00" in value or b"\n" in value or b"\r" in value:
            raise Malformed("A header holds a control character.")
    return seen, kept


def _length(seen: dict[bytes, bytes]) -> int | None:
    value = seen.get(b"content-length")
    if value is None:
        return None
    if b"transfer-encoding" in seen:
        raise Malformed("Content-Length and Transfer-Encoding exclude each other.")
    if not value.isdigit():
        raise Malformed("Content-Length is no number.")
    return int(value)
