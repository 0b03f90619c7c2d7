"""Where a visitor can go: only places their rights in this organization open."""

from collections.abc import Callable

from chassis.pages import Link
from gateway.sessions.session import GatewaySession

PLACES = (
    ("/", "nav.portal", ()),
    ("/shop", "nav.shop", ("orders:write",)),
    ("/licenses", "nav.licenses", ("licenses:read",)),
    ("/account/orders", "nav.account", ("orders:read",)),
    ("/operator/transfers", "nav.operator", ("operator:read", "operator:write")),
)
ACCOUNT_PLACES = (
    ("/account/orders", "nav.orders", ("orders:read",)),
    ("/account/subscriptions", "nav.subscriptions", ("orders:read",)),
    ("/account/payment-methods", "nav.payment_methods", ("payment_methods:write",)),
    ("/account/profile", "nav.profile", ()),
    ("/account/transfer", "nav.transfer", ("orders:read",)),
    ("/shop/wishlist", "nav.wishlist", ("orders:read",)),
    ("/account", "nav.security", ()),
)
OPERATOR_PLACES = (
    ("/operator/transfers", "nav.transfers", ()),
    ("/operator/transfers/imports", "nav.imports", ()),
    ("/operator/transfers/waves", "nav.waves", ()),
    ("/operator/transfers/customers", "nav.customers", ()),
    ("/operator/messages", "nav.messages", ()),
)
Places = tuple[tuple[str, str, tuple[str, ...]], ...]


def navigation(session: GatewaySession, say: Callable[[str], str], path: str) -> list[Link]:
    """The places at the top of every page."""
    links = places(PLACES, session, say, path, section=True)
    if any(link.href == "/account/orders" for link in links):
        return links
    profile = Link("/account/profile", say("nav.account"), current=path.startswith("/account/"))
    at = next((place for place, link in enumerate(links) if link.href.startswith("/operator")), len(links))
    return [*links[:at], profile, *links[at:]]


def places(
    table: Places, session: GatewaySession, say: Callable[[str], str], path: str, *, section: bool = False
) -> list[Link]:
    """Those of `table` that the visitor may enter; the one they are in is marked."""
    here = max((href for href, _, _ in table if _is_within(path, href, section=section)), key=len, default="")
    return [
        Link(href, say(label), current=href == here)
        for href, label, scopes in table
        if not scopes or not session.scopes.isdisjoint(scopes)
    ]


def _is_within(path: str, href: str, *, section: bool) -> bool:
    if href == "/" or href == "/account":
        return path == href
    root = "/" + href.split("/")[1] if section else href
    return path == root or path.startswith(f"{root}/")
