"""Every scope there is, and who may hold it: the one table of rights that people and machines share."""

from collections.abc import Iterable

PROTOCOL_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
"""About signing in (OpenID Connect Core 1.0 §5.4, §11); anybody may hold them."""

INTERNAL_SCOPE = "internal"
"""Between the services of the platform; no client made by an operator holds it."""

ROLES_THAT_HOLD: dict[str, frozenset[str]] = {
    "catalog:read": frozenset({"owner", "buyer", "license_manager", "member"}),
    "orders:read": frozenset({"owner", "buyer"}),
    "orders:write": frozenset({"owner", "buyer"}),
    "payment_methods:write": frozenset({"owner", "buyer"}),
    "licenses:read": frozenset({"owner", "license_manager"}),
    "licenses:write": frozenset({"owner", "license_manager"}),
    "entitlements:read": frozenset({"owner", "license_manager"}),
    "members:read": frozenset({"owner"}),
    "members:write": frozenset({"owner"}),
    "webhooks:write": frozenset({"owner"}),
    "operator:read": frozenset({"operator", "support", "auditor"}),
    "operator:write": frozenset({"operator"}),
}
"""Scope -> the roles that hold it: those in an organization, and for `operator:` those of the vendor's own staff."""

API_SCOPES = frozenset(ROLES_THAT_HOLD)
REGISTRABLE_SCOPES = PROTOCOL_SCOPES | API_SCOPES
KNOWN_SCOPES = REGISTRABLE_SCOPES | {INTERNAL_SCOPE}

DESCRIPTION_ORDER = ("openid", "profile", "email", "offline_access", *ROLES_THAT_HOLD)
"""The order in which a consent page names them."""


def allowed_to_roles(scopes: Iterable[str], roles: Iterable[str]) -> tuple[str, ...]:
    """The part of `scopes` that somebody with these roles may hold, in the order asked for.

    >>> allowed_to_roles(["openid", "orders:read", "licenses:read"], ["license_manager"])
    ('openid', 'licenses:read')
    """
    held = set(roles)
    return tuple(
        scope for scope in scopes if scope in PROTOCOL_SCOPES or held & ROLES_THAT_HOLD.get(scope, frozenset())
    )


def split(scope: str | None) -> tuple[str, ...]:
    """The scope values of a space-separated `scope` parameter, each once, in order (RFC 6749 §3.3)."""
    return tuple(dict.fromkeys((scope or "").split(" "))) if scope and scope.strip(" ") else ()


def join(scopes: Iterable[str]) -> str:
    """The `scope` parameter of scope values."""
    return " ".join(scopes)
