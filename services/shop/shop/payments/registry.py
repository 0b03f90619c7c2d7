"""Which payment providers this installation has, by name."""

from collections.abc import Mapping

from shop.payments.provider import PaymentProvider


class Providers:
    """The configured providers; `default` takes new methods."""

    def __init__(self, providers: Mapping[str, PaymentProvider], *, default: str | None) -> None:
        self._providers = dict(providers)
        self.default = default

    @property
    def names(self) -> frozenset[str]:
        """The names under which methods can be charged."""
        return frozenset(self._providers)

    def get(self, name: str) -> PaymentProvider:
        """The provider of that name. Raises KeyError for one that is not configured."""
        return self._providers[name]
