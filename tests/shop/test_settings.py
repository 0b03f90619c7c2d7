"""A shop that cannot collect money, or would only pretend to, does not start."""

from typing import Any

import pytest
from pydantic import ValidationError

from chassis.ops.settings import PlatformSettings
from shop.settings import ShopSettings

PRODUCTION = PlatformSettings(profile="production", public_url="https://portal.example")
DEVELOPMENT = PlatformSettings(profile="development")
COMPLETE: dict[str, Any] = {
    "client_secret": "a-secret-of-its-own",
    "payment_provider": "stripe",
    "stripe_api_key": "sk_live_1",
    "stripe_webhook_secret": "whsec_1",
}


def test_production_starts_with_stripe() -> None:
    ShopSettings(**COMPLETE).refuse_defaults(PRODUCTION)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"payment_provider": "sandbox"}, "SHOP_PAYMENT_PROVIDER"),
        ({"stripe_api_key": ""}, "SHOP_STRIPE_API_KEY"),
        ({"stripe_webhook_secret": ""}, "SHOP_STRIPE_WEBHOOK_SECRET"),
    ],
)
def test_production_names_what_is_missing(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ShopSettings(**COMPLETE | changed).refuse_defaults(PRODUCTION)


def test_development_needs_nothing() -> None:
    ShopSettings().refuse_defaults(DEVELOPMENT)


def test_stripe_without_its_key_is_refused_everywhere() -> None:
    with pytest.raises(ValueError, match="SHOP_STRIPE_API_KEY"):
        ShopSettings(payment_provider="stripe").refuse_defaults(DEVELOPMENT)


def test_secrets_travel_encrypted() -> None:
    with pytest.raises(ValidationError, match="https"):
        ShopSettings(stripe_api_url="http://stripe.example")


def test_secrets_are_not_shown() -> None:
    shown = repr(ShopSettings(**COMPLETE))

    assert "sk_live_1" not in shown
    assert "whsec_1" not in shown
