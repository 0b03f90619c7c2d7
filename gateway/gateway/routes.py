"""The one table that says which service answers which address. The longest prefix wins.

Paths are matched segment by segment and passed on unchanged: `/api/v1/me/notification-preferences` is nearer than
`/api/v1/me`. What the table does not name is the gateway's own, or nothing at all.
"""

from dataclasses import dataclass
from typing import Literal

API = "/api/v1"

Kind = Literal["api", "identity", "stranger"]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes, and how much of the caller goes with it.

    `api`: the session as a bearer token, no cookie. `identity`: its pages and protocol, with its own cookies.
    `stranger`: nothing at all, as if another site were called.
    """

    service: str
    kind: Kind = "api"
    exact: bool = False
    is_upload: bool = False


def _api(service: str, *nouns: str) -> dict[str, Route]:
    return {f"{API}/{noun}": Route(service) for noun in nouns}


def _identity(*paths: str, exact: bool = False) -> dict[str, Route]:
    return {path: Route("identity", kind="identity", exact=exact) for path in paths}


ROUTES: dict[str, Route] = {
    **_api("identity", "me", "registrations", "organizations", "members", "apps"),
    **_api("identity", "applications", "accounts", "clients", "signing-keys", "audit-entries", "test/clock"),
    **_api("shop", "products", "prices", "regions", "wishlist", "orders", "invoices", "subscriptions"),
    **_api("shop", "payment-methods", "customer", "customers", "support-contact"),
    **_api("shop", "legacy-orders", "legacy-customers", "transfer", "transfers", "transfer-waves"),
    f"{API}/transfer-imports": Route("shop", is_upload=True),
    f"{API}/sandbox/payment-actions": Route("shop", kind="stranger"),
    f"{API}/payment-callbacks": Route("shop", kind="stranger"),
    **_api("licensing", "licenses", "assignments", "entitlements", "reports"),
    **_api("notifications", "messages", "templates", "suppressions", "me/notification-preferences"),
    **_api("notifications", "webhook-endpoints", "webhook-deliveries"),
    **{
        f"{API}/parked-events/{service}": Route(service)
        for service in ("identity", "shop", "licensing", "notifications")
    },
    **_identity("/login", "/activate", "/recover", "/oauth2", "/.well-known"),
    **_identity("/account", "/consent", "/signed-out", exact=True),
}

_DEEPEST = max(path.count("/") for path in ROUTES)


def route_of(path: str) -> Route | None:
    """The entry of the longest prefix of `path`, or None where the gateway answers itself."""
    parts = path.split("/")
    for depth in range(min(len(parts), _DEEPEST + 1), 1, -1):
        route = ROUTES.get("/".join(parts[:depth]))
        if route is not None and not (route.exact and depth != len(parts)):
            return route
    return None
