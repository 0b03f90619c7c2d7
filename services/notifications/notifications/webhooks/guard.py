"""Webhooks go where partners say, and never into our own network."""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from chassis.ops.settings import PlatformSettings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """The address may not be called: `str()` says why."""


@dataclass(frozen=True)
class Policy:
    """Production: https to public addresses. Development and test: also http, loopback and private networks."""

    needs_https: bool
    allows_private: bool

    @classmethod
    def of(cls, platform: PlatformSettings, *, allow_private: bool) -> "Policy":
        """The policy of this installation."""
        return cls(needs_https=platform.is_production, allows_private=allow_private or not platform.is_production)


@dataclass(frozen=True)
class Target:
    """A checked address: connect to `address`, speak to `host`."""

    parts: SplitResult
    address: Address

    @property
    def url(self) -> str:
        """The URL with the checked address in place of the name, so that nothing is resolved a second time."""
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return self.parts._replace(netloc=f"{host}:{_port(self.parts)}").geturl()

    @property
    def host(self) -> str:
        """The name for the Host header."""
        return self.parts.netloc


def check_url(url: str, policy: Policy) -> SplitResult:
    """What can be said without asking the network. Raises NotAllowed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("This is not a URL.") from error
    schemes = ("https",) if policy.needs_https else ("https", "http")
    if parts.scheme not in schemes or not parts.hostname:
        raise NotAllowed(f"The URL must begin with {' or '.join(scheme + '://' for scheme in schemes)}.")
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise NotAllowed("The URL must not contain a user name, a password or a fragment.")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    _check_address(literal, policy)
    return parts


async def resolve(url: str, policy: Policy) -> Target:
    """Find the address behind the URL and check it, all of its addresses. Raises NotAllowed, OSError."""
    parts = check_url(url, policy)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in found]
    for address in addresses:
        _check_address(address, policy)
    return Target(parts, next((known for known in addresses if known.version == 4), addresses[0]))


def _check_address(address: Address, policy: Policy) -> None:
    address = getattr(address, "ipv4_mapped", None) or address
    is_strange = address.is_multicast or address.is_unspecified or address.is_link_local or address.is_reserved
    is_fine = address.is_global or (policy.allows_private and (address.is_private or address.is_loopback))
    if (is_strange and not address.is_loopback) or not is_fine:
        raise NotAllowed("The URL leads to a private or reserved address.")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
