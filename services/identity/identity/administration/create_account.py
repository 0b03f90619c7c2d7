"""Make an account for a person; the mail with the activation link goes out by itself."""

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.errors import AccountExists
from identity.accounts.queries import Account
from identity.administration.schemas import CreateAccount
from identity.members.add import add
from identity.members.rules import OWNER
from identity.organizations.create import NewOrganization, create
from identity.organizations.errors import OrganizationNotFound
from identity.organizations.queries import find_organization
from identity.organizations.rules import locale_of, time_zone_of


async def create_account(tx: Transaction, *, wanted: CreateAccount) -> Account:
    """The invited account, with its organization and membership; nobody but its owner ever sets the password.

    Raises AccountExists, OrganizationNotFound, InvalidEmail.
    """
    organization_id, locale = await _organization(tx, wanted)
    account, is_new = await ensure_invited(
        tx,
        email=wanted.email,
        reason="operator",
        name=wanted.name,
        locale=locale,
        organization_id=organization_id,
        operator_roles=tuple(wanted.operator_roles),
    )
    if not is_new:
        raise AccountExists(account_id=account.id)
    if organization_id is not None:
        roles = wanted.roles or ([OWNER] if wanted.organization else ["member"])
        await add(tx, organization_id=organization_id, account=account, roles=roles)
    return account


async def _organization(tx: Transaction, wanted: CreateAccount) -> tuple[str | None, str]:
    """The organization to join, made when it is new, and the language to speak."""
    if wanted.organization_id is not None:
        found = await find_organization(tx, wanted.organization_id)
        if found is None:
            raise OrganizationNotFound
        return found.id, wanted.locale or found.locale
    new = wanted.organization
    if new is None:
        return None, wanted.locale or "en"
    locale = new.locale or wanted.locale or locale_of(new.country)
    organization_id = new_id("org")
    await create(
        tx,
        NewOrganization(
            id=organization_id,
            name=new.name,
            country=new.country,
            locale=locale,
            time_zone=new.time_zone or time_zone_of(new.country),
            vat_id=new.vat_id,
        ),
    )
    return organization_id, wanted.locale or locale
