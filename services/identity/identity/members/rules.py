"""Roles within an organization, and what each of them may do."""

from collections.abc import Iterable

OWNER = "owner"
ROLES = ("owner", "buyer", "license_manager", "member")

SCOPES_OF_ROLE: dict[str, frozenset[str]] = {
    "owner": frozenset(
        {
            "catalog:read",
            "orders:read",
            "orders:write",
            "payment_methods:write",
            "licenses:read",
            "licenses:write",
            "entitlements:read",
            "members:read",
            "members:write",
            "webhooks:write",
        }
    ),
    "buyer": frozenset({"catalog:read", "orders:read", "orders:write", "payment_methods:write"}),
    "license_manager": frozenset({"catalog:read", "licenses:read", "licenses:write", "entitlements:read"}),
    "member": frozenset({"catalog:read"}),
}


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """The API scopes that these roles hold in their organization."""
    return frozenset().union(*(SCOPES_OF_ROLE.get(role, frozenset()) for role in roles))


def in_order(roles: Iterable[str]) -> list[str]:
    """The roles once each, in the order that the house writes them."""
    wanted = set(roles)
    return [role for role in ROLES if role in wanted]


def loses_last_owner(*, was_owner: bool, stays_owner: bool, other_owners: int) -> bool:
    """Whether a change would leave the organization without an owner."""
    return was_owner and not stays_owner and other_owners == 0
