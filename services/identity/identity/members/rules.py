"""Roles within an organization; what each of them may do stands in `identity.clients.scopes`."""

from collections.abc import Iterable

OWNER = "owner"
ROLES = ("owner", "buyer", "license_manager", "member")


def in_order(roles: Iterable[str]) -> list[str]:
    """The roles once each, in the order that the house writes them."""
    wanted = set(roles)
    return [role for role in ROLES if role in wanted]


def loses_last_owner(*, was_owner: bool, stays_owner: bool, other_owners: int) -> bool:
    """Whether a change would leave the organization without an owner."""
    return was_owner and not stays_owner and other_owners == 0
