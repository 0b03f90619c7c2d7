"""The members of the caller's organization."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from chassis.auth.principal import Principal
from chassis.db.transaction import Transaction
from chassis.http.dependencies import Read, Tx, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, PreconditionFailed
from identity.accounts.queries import as_stored
from identity.members.change import change
from identity.members.errors import LastOwner, MemberNotFound
from identity.members.invite import invite
from identity.members.queries import Member, find_member, select_members
from identity.members.remove import remove
from identity.members.schemas import ChangeMember, Invitations, InviteMembers, MemberOut
from identity.organizations.errors import OrganizationNotFound
from identity.organizations.queries import lock_organization

router = APIRouter(prefix="/members", tags=["members"])

Reading = Annotated[Principal, requires("members:read", "operator:read")]
Writing = Annotated[Principal, requires("members:write", "operator:write")]


@router.get("", responses=problems(Invalid))
async def list_members(
    reader: Read,
    page: PageQuery,
    principal: Reading,
    email: Annotated[str | None, Query(description="Only this address.")] = None,
    status: Annotated[Literal["invited", "active", "disabled"] | None, Query()] = None,
    organization: Annotated[str | None, Query(description="Operators: the organization to look at.")] = None,
) -> Page[MemberOut]:
    """List the people of the organization, those invited and not yet active included."""
    members = select_members()
    columns = members.selected_columns
    members = members.where(columns.organization_id == _organization(principal, organization))
    if email is not None:
        members = members.where(columns.email == as_stored(email))
    if status is not None:
        members = members.where(columns.status == status)
    return await page_of(reader, members, page, order_by=[columns.id], convert=lambda row: seen(Member.of(row)))


@router.get("/{member_id}", responses=problems(MemberNotFound))
async def get_member(member_id: str, reader: Read, response: Response, principal: Reading) -> MemberOut:
    """Show one member."""
    reach = _reach(principal, everywhere="operator:read")
    member = await find_member(reader, member_id=member_id, organization_id=reach)
    if member is None:
        raise MemberNotFound
    response.headers["ETag"] = etag(member)
    return seen(member)


@router.post("/invitations", responses=problems(OrganizationNotFound, Invalid))
async def invite_members(body: InviteMembers, tx: Tx, principal: Writing) -> Invitations:
    """Invite people by e-mail, many at once; each address gets its own answer and its own mail."""
    organization = await lock_organization(tx, principal.organization)
    if organization is None:
        raise OrganizationNotFound
    answers = await invite(tx, organization=organization, emails=body.emails, roles=body.roles)
    return Invitations(items=answers, next_cursor=None)


@router.patch("/{member_id}", responses=problems(MemberNotFound, LastOwner, PreconditionFailed, Invalid))
async def change_member(
    member_id: str, body: ChangeMember, tx: Tx, request: Request, response: Response, principal: Writing
) -> MemberOut:
    """Give a member other roles; the last owner keeps theirs."""
    member = await _locked(tx, member_id, principal)
    check_if_match(request, etag(member))
    changed = await change(tx, member=member, roles=body.roles)
    response.headers["ETag"] = etag(changed)
    return seen(changed)


@router.delete("/{member_id}", status_code=204, responses=problems(MemberNotFound, LastOwner))
async def remove_member(member_id: str, tx: Tx, principal: Writing) -> None:
    """End a membership. The account and its other memberships stay; the last owner cannot leave."""
    await remove(tx, member=await _locked(tx, member_id, principal))


async def _locked(tx: Transaction, member_id: str, principal: Principal) -> Member:
    """The member as it is once nobody else decides about the organization's members."""
    reach = _reach(principal, everywhere="operator:write")
    member = await find_member(tx, member_id=member_id, organization_id=reach)
    if member is None or await lock_organization(tx, member.organization_id) is None:
        raise MemberNotFound
    member = await find_member(tx, member_id=member_id, organization_id=reach)
    if member is None:
        raise MemberNotFound
    return member


def _organization(principal: Principal, asked: str | None) -> str:
    return asked if asked is not None and "operator:read" in principal.scopes else principal.organization


def _reach(principal: Principal, *, everywhere: str) -> str | None:
    """The organization whose members the caller may touch; None (all of them) with that operator scope."""
    return None if everywhere in principal.scopes else principal.organization


def seen(member: Member) -> MemberOut:
    """The member as clients see it."""
    return MemberOut.model_validate(member, from_attributes=True)


def etag(member: Member) -> str:
    """The version of a membership."""
    return etag_of(member.id, member.revision, member.status)
