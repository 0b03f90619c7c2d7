"""Generous limits that only a runaway script meets: per session, per bearer token, per network of visitors."""

import hashlib
import ipaddress
import math

from chassis.kernel.errors import Throttled
from gateway.limits.buckets import Buckets
from gateway.settings import GatewaySettings

PRODUCTION_DEFAULTS = {"visitor": 1200, "session": 1200, "client": 6000, "mail": 30}


class Limits:
    """Raises `Throttled` (429 with `Retry-After`) for a caller who asks for too much."""

    def __init__(self, settings: GatewaySettings, *, is_production: bool) -> None:
        defaults = PRODUCTION_DEFAULTS if is_production else dict.fromkeys(PRODUCTION_DEFAULTS, 0)
        self._visitors = Buckets(settings.visitor_rate_per_minute or defaults["visitor"])
        self._sessions = Buckets(settings.session_rate_per_minute or defaults["session"])
        self._clients = Buckets(settings.client_rate_per_minute or defaults["client"])
        self._mails = Buckets(settings.mail_rate_per_minute or defaults["mail"])

    def check_session(self, key: str) -> None:
        """One browser's session."""
        _refuse(self._sessions.take(key))

    def check_client(self, authorization: str) -> None:
        """One bearer token."""
        if self._clients.per_minute:
            _refuse(self._clients.take(hashlib.sha256(authorization.encode()).hexdigest()))

    def check_visitor(self, address: str) -> None:
        """Everybody without a session from one network: /24 of IPv4, /64 of IPv6."""
        if self._visitors.per_minute:
            _refuse(self._visitors.take(network_of(address)))

    def check_mailing(self, address: str) -> None:
        """Who has mails sent to addresses that anybody may type in, from one network."""
        if self._mails.per_minute:
            _refuse(self._mails.take(network_of(address)))


def network_of(address: str) -> str:
    """The network that an address is counted under; what is no address counts as itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    length = 24 if parsed.version == 4 else 64
    return str(ipaddress.ip_network((parsed, length), strict=False))


def _refuse(wait: float) -> None:
    if wait:
        raise Throttled("Too many requests. Please wait a moment.", retry_after=math.ceil(wait))
