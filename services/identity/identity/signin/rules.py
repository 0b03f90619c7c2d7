"""How long somebody who guesses must wait (OWASP ASVS 5.0, 6.1.1 and 6.3.1): longer each time, never for good."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

LONGEST_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Budget:
    """`free` tries without delay; `forgotten_after` without a try they start anew."""

    free: int
    forgotten_after: timedelta


ACCOUNT = Budget(free=5, forgotten_after=timedelta(hours=1))
KNOWN_BROWSER = Budget(free=50, forgotten_after=timedelta(hours=1))
"""Somebody who signed in here before is not locked out by others' guesses."""

SECOND_FACTOR = Budget(free=5, forgotten_after=timedelta(hours=1))
NETWORK = Budget(free=100, forgotten_after=timedelta(minutes=10))
"""For those who try one password on many accounts; a whole office may sit behind one network."""


def delay_after(attempts: int, budget: Budget) -> timedelta:
    """The wait after that many tries: nothing while they are free, then 1, 2, 4 … seconds.

    >>> [delay_after(n, ACCOUNT).seconds for n in (4, 5, 6, 7, 99)]
    [0, 1, 2, 4, 60]
    """
    beyond = attempts - budget.free
    if beyond < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(beyond, 10)), LONGEST_DELAY)


def network_of(address: str | None) -> str:
    """The /24 (or, for IPv6, /56) that an address belongs to; one bucket for what is no address."""
    try:
        length = 24 if ip_address(address or "").version == 4 else 56
        return str(ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return "unknown"
