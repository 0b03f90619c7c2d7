"""The callers of licensing's routes."""

from typing import Annotated

from chassis.auth.principal import Principal
from chassis.http.dependencies import requires

LicenseReader = Annotated[Principal, requires("licenses:read", "operator:read", "operator:write")]
LicenseWriter = Annotated[Principal, requires("licenses:write", "operator:write")]
ENTITLEMENT_SCOPES = ("entitlements:read", "operator:read", "operator:write")
EntitlementReader = Annotated[Principal, requires(*ENTITLEMENT_SCOPES)]


def reach_of(principal: Principal) -> str | None:
    """The organization whose things the caller reaches; None for an operator, who reaches every organization's."""
    if principal.organization_id is None and principal.is_operator:
        return None
    return principal.organization


def asked_organization(principal: Principal, wanted: str | None) -> str | None:
    """The organization a list is about: operators may name any (or none: all), everybody else has their own."""
    if principal.is_operator and wanted is not None:
        return wanted
    return reach_of(principal)
