"""The table of routes: the longest prefix wins, whole segments only."""

import pytest

from gateway.routes import route_of


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v1/me", "identity"),
        ("/api/v1/me/sessions/ses_1", "identity"),
        ("/api/v1/me/notification-preferences", "notifications"),
        ("/api/v1/orders/ord_1", "shop"),
        ("/api/v1/transfer", "shop"),
        ("/api/v1/transfer-waves/wav_1/check", "shop"),
        ("/api/v1/licenses/lic_1/assignments", "licensing"),
        ("/api/v1/entitlements/check", "licensing"),
        ("/api/v1/webhook-endpoints", "notifications"),
        ("/api/v1/parked-events/shop/dlv_1/replay", "shop"),
        ("/api/v1/test/clock", "identity"),
        ("/api/v1/sandbox/payment-actions/chg_1/accept", "shop"),
        ("/api/v1/payment-callbacks/stripe", "shop"),
        ("/api/v1/sandbox", None),
        ("/.well-known/openid-configuration", "identity"),
        ("/oauth2/token", "identity"),
        ("/login", "identity"),
        ("/login/mfa", "identity"),
        ("/activate/abc", "identity"),
        ("/account", "identity"),
        ("/account/orders", None),
        ("/consent", "identity"),
        ("/loginx", None),
        ("/api/v1/orders-of-others", None),
        ("/api/v1", None),
        ("/api/v2/orders", None),
        ("/internal/action-links", None),
        ("/", None),
    ],
)
def test_every_address_has_one_place(path: str, service: str | None) -> None:
    route = route_of(path)

    assert (route and route.service) == service
