"""Where a browser sits in the network."""

from ipaddress import ip_address

from starlette.requests import Request


def address_of(request: Request) -> str | None:
    """The address of the browser: what the gateway beside us says, else whoever connects.

    The gateway drops `X-Forwarded-For` of the outside world and writes its own; nobody else reaches a service
    from the loopback interface.
    """
    peer = request.client.host if request.client else None
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if forwarded and _is_loopback(peer) and _is_address(forwarded):
        return forwarded
    return peer


def _is_loopback(host: str | None) -> bool:
    return _is_address(host or "") and ip_address(host or "").is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
