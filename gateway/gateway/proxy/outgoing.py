"""The answer on its way out: what a service says about itself stays inside, what protects the browser is added."""

from collections.abc import Iterable

from gateway.proxy.incoming import Header

SESSION_COOKIES = ("gw=", "gw_", "gwtx_", "__Host-gw")

_DROPPED = frozenset(
    {
        b"connection",
        b"date",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-connection",
        b"server",
        b"te",
        b"trailer",
        b"traceparent",
        b"transfer-encoding",
        b"upgrade",
        b"x-powered-by",
        b"x-request-id",
    }
)
_JSON_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_FILE_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
)
_NO_STORE = (b"cache-control", b"no-store")
_ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_HSTS: Header = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def outgoing(
    raw: Iterable[Header], *, ids: Iterable[Header], may_set_cookies: bool, is_private: bool, is_secure: bool
) -> list[Header]:
    """The headers of an answer as they leave the gateway. What the service has said itself is not said again."""
    headers: list[Header] = []
    names: set[bytes] = set()
    is_json = False
    for raw_name, value in raw:
        name = raw_name.lower()
        if name in _DROPPED:
            continue
        if name == b"set-cookie" and not (may_set_cookies and not _is_session_cookie(value)):
            continue
        if name == b"content-type":
            is_json = b"json" in value
        names.add(name)
        headers.append((name, value))
    headers.extend(header for header in protection(is_secure) if header[0] not in names)
    if b"content-security-policy" not in names:
        headers.append(_JSON_POLICY if is_json else _FILE_POLICY)
    if is_private and b"cache-control" not in names:
        headers.append(_NO_STORE)
    headers.extend(ids)
    return headers


def protection(is_secure: bool) -> tuple[Header, ...]:
    """The headers that every answer carries."""
    return (*_ALWAYS, _HSTS) if is_secure else _ALWAYS


def _is_session_cookie(value: bytes) -> bool:
    """No service may write the gateway's own cookies."""
    return value.decode("latin-1").startswith(SESSION_COOKIES)
