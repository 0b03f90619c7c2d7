"""A burst, then a steady rate; neighbours share a bucket, strangers do not."""

import pytest

from gateway.limits.buckets import BURST_SECONDS, Buckets
from gateway.limits.limits import network_of


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_a_burst_passes_and_then_the_rate_counts() -> None:
    hands = Hands()
    buckets = Buckets(60, hands)

    assert all(buckets.take("a") == 0 for _ in range(BURST_SECONDS))
    assert 0 < buckets.take("a") <= 1
    assert buckets.take("b") == 0
    hands.time += 1
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_without_a_rate_everything_passes() -> None:
    buckets = Buckets(0, Hands())

    assert all(buckets.take("a") == 0 for _ in range(10_000))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.17", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_visitors_are_counted_by_network(address: str, network: str) -> None:
    assert network_of(address) == network
