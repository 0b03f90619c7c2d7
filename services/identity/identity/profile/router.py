"""The self API: what people see and change of themselves. It needs a person's token and no scope."""

from fastapi import APIRouter, Request, Response

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader
from chassis.http.dependencies import Read, Run, Tx
from chassis.http.etags import check_if_match, etag_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, PreconditionFailed
from identity.accounts.change_profile import change_profile
from identity.accounts.confirm_password import REFUSALS
from identity.accounts.errors import AccountNotFound, PasswordRefused
from identity.accounts.person import OnlyPeople, Person
from identity.accounts.queries import Account, find_account
from identity.members.queries import memberships_of
from identity.mfa.queries import count_recovery_codes, has_second_factor
from identity.profile.change_password import change_password
from identity.profile.schemas import ChangeMe, ChangePassword, Me, MyOrganization, MySecondFactor

router = APIRouter(prefix="/me", tags=["Me"])


@router.get("", responses=problems(OnlyPeople, AccountNotFound))
async def get_me(reader: Read, response: Response, principal: Person) -> Me:
    """Who you are, your organizations and your roles there."""
    account = await _account(reader, principal)
    response.headers["ETag"] = etag(account)
    return await _me(reader, principal, account)


@router.patch("", responses=problems(OnlyPeople, AccountNotFound, PreconditionFailed, Invalid))
async def change_me(body: ChangeMe, tx: Tx, request: Request, response: Response, principal: Person) -> Me:
    """Change your name or your language."""
    account = await _account(tx, principal)
    check_if_match(request, etag(account))
    changed = await change_profile(tx, account_id=account.id, **body.model_dump(exclude_unset=True))
    response.headers["ETag"] = etag(changed)
    return await _me(tx, principal, changed)


@router.post(
    "/password",
    status_code=204,
    responses=problems(OnlyPeople, PasswordRefused, *REFUSALS),
)
async def change_my_password(body: ChangePassword, runtime: Run, principal: Person) -> None:
    """Change your password. Every other session ends; this one stays."""
    async with runtime.database.read() as reader:
        account = await _account(reader, principal)
    await change_password(
        runtime,
        account=account,
        session_id=principal.session_id,
        current_password=body.current_password,
        new_password=body.new_password,
    )


async def _account(reader: Reader, principal: Principal) -> Account:
    account = await find_account(reader, account_id=principal.subject)
    if account is None:
        raise AccountNotFound
    return account


async def _me(reader: Reader, principal: Principal, account: Account) -> Me:
    memberships = await memberships_of(reader, account.id)
    return Me(
        id=account.id,
        email=account.email,
        name=account.name,
        locale=account.locale,
        status=account.status,
        operator_roles=list(account.operator_roles),
        organization_id=principal.organization_id,
        organizations=[
            MyOrganization(
                id=item.organization_id,
                name=item.organization_name,
                roles=list(item.roles),
                active=item.organization_id == principal.organization_id,
            )
            for item in memberships
        ],
        mfa=MySecondFactor(
            enabled=await has_second_factor(reader, account.id),
            recovery_codes_left=await count_recovery_codes(reader, account.id),
        ),
        created_at=account.created_at,
    )


def etag(account: Account) -> str:
    """The version of a profile."""
    return etag_of(account.id, account.email, account.name, account.locale, account.status)
