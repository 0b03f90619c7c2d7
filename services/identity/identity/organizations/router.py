"""An organization seen and changed by its own people, or by operators."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Tx, authenticated, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.problems import problems
from chassis.kernel.errors import Forbidden, PreconditionFailed
from identity.organizations.change import change
from identity.organizations.errors import OrganizationNotFound
from identity.organizations.queries import Organization, find_organization, lock_organization
from identity.organizations.schemas import ChangeOrganization, OrganizationOut

router = APIRouter(prefix="/organizations", tags=["organizations"])


@router.get("/{organization_id}", responses=problems(OrganizationNotFound))
async def get_organization(
    organization_id: str, reader: Read, response: Response, principal: Annotated[Principal, authenticated()]
) -> OrganizationOut:
    """Show an organization: the caller's own, or any to operators."""
    check_is_own(principal, organization_id, unless="operator:read")
    organization = await find_organization(reader, organization_id)
    if organization is None:
        raise OrganizationNotFound
    return answer(response, organization)


@router.patch(
    "/{organization_id}",
    operation_id="change_organization",
    responses=problems(OrganizationNotFound, Forbidden, PreconditionFailed),
)
async def change_organization(
    organization_id: str,
    body: ChangeOrganization,
    tx: Tx,
    request: Request,
    response: Response,
    principal: Annotated[Principal, requires("members:write", "operator:write")],
) -> OrganizationOut:
    """Change name, country, language, time zone or VAT number; `If-Match` guards against overwriting others."""
    check_is_own(principal, organization_id, unless="operator:write")
    organization = await lock_organization(tx, organization_id)
    if organization is None:
        raise OrganizationNotFound
    check_if_match(request, etag(organization))
    changed = await change(tx, organization=organization, changes=body.model_dump(exclude_unset=True))
    return answer(response, changed)


def check_is_own(principal: Principal, organization_id: str, *, unless: str) -> None:
    """Raise OrganizationNotFound when it is not the caller's organization, unless the caller holds that scope."""
    if unless not in principal.scopes and principal.organization_id != organization_id:
        raise OrganizationNotFound


def answer(response: Response, organization: Organization) -> OrganizationOut:
    """The organization as clients see it, its ETag beside it."""
    response.headers["ETag"] = etag(organization)
    return OrganizationOut.model_validate(organization, from_attributes=True)


def etag(organization: Organization) -> str:
    """The version of an organization."""
    return etag_of(organization.id, organization.revision)
