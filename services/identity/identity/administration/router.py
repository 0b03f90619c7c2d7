"""Accounts, for operators. An operator never sets, sees or mails a password."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy import or_

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader
from chassis.http.dependencies import Read, Tx, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.emails import InvalidEmail
from chassis.kernel.errors import FieldError, Invalid
from identity.accounts.disable import disable
from identity.accounts.enable import enable
from identity.accounts.errors import AccountExists, AccountNotFound, AccountNotWaiting
from identity.accounts.queries import Account, as_stored, find_account, select_accounts
from identity.accounts.request_mail import send_activation_again
from identity.accounts.set_password import refuse_tokens_until_now
from identity.administration.create_account import create_account
from identity.administration.schemas import (
    AccountDetails,
    AccountMembership,
    CreateAccount,
    EndedSessions,
)
from identity.audit.record import record
from identity.members.queries import Membership, account_ids_in, memberships_of_each
from identity.organizations.errors import OrganizationNotFound
from identity.sessions.end import end_sessions_of

router = APIRouter(prefix="/accounts", tags=["accounts"])

Operator = Annotated[Principal, requires("operator:read")]
WritingOperator = Annotated[Principal, requires("operator:write")]


@router.get("", responses=problems(Invalid))
async def list_accounts(
    reader: Read,
    page: PageQuery,
    _: Operator,
    email: Annotated[str | None, Query(description="This address, in whatever case.")] = None,
    status: Annotated[Literal["invited", "active", "disabled"] | None, Query()] = None,
    organization: Annotated[str | None, Query(description="Members of this organization.")] = None,
    search: Annotated[str | None, Query(max_length=200, description="Part of the address or the name.")] = None,
) -> Page[AccountDetails]:
    """List accounts with their organizations."""
    accounts = select_accounts()
    columns = accounts.selected_columns
    if email is not None:
        accounts = accounts.where(columns.email == as_stored(email))
    if status is not None:
        accounts = accounts.where(columns.status == status)
    if organization is not None:
        accounts = accounts.where(columns.id.in_(account_ids_in(organization)))
    if search:
        accounts = accounts.where(
            or_(columns.email.icontains(search, autoescape=True), columns.name.icontains(search, autoescape=True))
        )
    found = await page_of(reader, accounts, page, order_by=[columns.id], convert=Account.of)
    return Page(items=await _detailed(reader, found.items), next_cursor=found.next_cursor)


@router.post("", status_code=201, responses=problems(AccountExists, OrganizationNotFound, Invalid))
async def create_invited_account(body: CreateAccount, tx: Tx, response: Response, _: WritingOperator) -> AccountDetails:
    """Make an account; its owner gets a mail with the link that activates it."""
    try:
        account = await create_account(tx, wanted=body)
    except InvalidEmail as error:
        raise Invalid(errors=[FieldError("/email", "invalid_email", str(error))]) from error
    response.headers["Location"] = f"/api/v1/accounts/{account.id}"
    return await _details(tx, account)


@router.get("/{account_id}", responses=problems(AccountNotFound))
async def get_account(account_id: str, reader: Read, _: Operator) -> AccountDetails:
    """Show an account with its organizations."""
    return await _details(reader, await _existing(reader, account_id))


@router.post("/{account_id}/disable", responses=problems(AccountNotFound))
async def disable_account(account_id: str, tx: Tx, _: WritingOperator) -> AccountDetails:
    """Close an account: its sessions end and its tokens are refused at once. Twice is harmless."""
    account = await disable(tx, account_id=account_id)
    await end_sessions_of(tx, account.id, "account_disabled")
    return await _details(tx, account)


@router.post("/{account_id}/enable", responses=problems(AccountNotFound))
async def enable_account(account_id: str, tx: Tx, _: WritingOperator) -> AccountDetails:
    """Let a disabled account sign in again. Twice is harmless."""
    return await _details(tx, await enable(tx, account_id=account_id))


@router.post("/{account_id}/resend-activation", status_code=202, responses=problems(AccountNotFound, AccountNotWaiting))
async def resend_account_activation(account_id: str, tx: Tx, _: WritingOperator) -> AccountDetails:
    """Mail the activation link again."""
    account = await _existing(tx, account_id)
    await send_activation_again(tx, account)
    return await _details(tx, account)


@router.post("/{account_id}/end-sessions", responses=problems(AccountNotFound))
async def end_account_sessions(account_id: str, tx: Tx, _: WritingOperator) -> EndedSessions:
    """Sign the person out everywhere."""
    account = await _existing(tx, account_id)
    await refuse_tokens_until_now(tx, account.id)
    ended = await end_sessions_of(tx, account.id, "ended_by_operator")
    await record(tx, "account.sessions_ended", account.id, ended=ended)
    return EndedSessions(ended=ended)


async def _existing(reader: Reader, account_id: str) -> Account:
    account = await find_account(reader, account_id=account_id)
    if account is None:
        raise AccountNotFound
    return account


async def _details(reader: Reader, account: Account) -> AccountDetails:
    (details,) = await _detailed(reader, [account])
    return details


async def _detailed(reader: Reader, accounts: Sequence[Account]) -> list[AccountDetails]:
    memberships = await memberships_of_each(reader, [account.id for account in accounts])
    return [seen(account, memberships[account.id]) for account in accounts]


def seen(account: Account, memberships: Sequence[Membership]) -> AccountDetails:
    """The account as operators see it."""
    return AccountDetails(
        id=account.id,
        email=account.email,
        name=account.name,
        locale=account.locale,
        status=account.status,
        operator_roles=list(account.operator_roles),
        created_at=account.created_at,
        organization_id=memberships[0].organization_id if memberships else None,
        memberships=[
            AccountMembership(
                member_id=item.id,
                organization_id=item.organization_id,
                organization_name=item.organization_name,
                roles=list(item.roles),
            )
            for item in memberships
        ],
    )
