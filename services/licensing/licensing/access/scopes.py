"""The callers of licensing's routes."""

from typing import Annotated

from chassis.auth.principal import Principal
from chassis.http.dependencies import requires

LicenseReader = Annotated[Principal, requires("licenses:read", "operator:read", "operator:write")]
LicenseWriter = Annotated[Principal, requires("licenses:write", "operator:write")]
ENTITLEMENT_SCOPES = ("entitlements:read", "operator:read", "operator:write")
EntitlementReader = Annotated[Principal, requires(*ENTITLEMENT_SCOPES)]


def reading_reach(principal: Principal) -> str | None:
    """The organization whose things the caller sees; None for an operator, who sees every organization's."""
    return None if principal.is_operator else principal.organization


def writing_reach(principal: Principal) -> str | None:
    """The organization whose things the caller changes; None for an operator who may write.

    An operator who may only read changes no more than their own organization's things, by the scopes they have there.
    """
    return None if "operator:write" in principal.scopes else principal.organization


def asked_organization(principal: Principal, wanted: str | None) -> str | None:
    """The organization a list is about: operators may name any; else it is the caller's own, or all for operators."""
    if principal.is_operator:
        return wanted or principal.organization_id
    return principal.organization
