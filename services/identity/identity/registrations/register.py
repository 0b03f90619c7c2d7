"""Take in a new customer: organization, owner, activation mail."""

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.request_mail import request_mail
from identity.members.add import add
from identity.members.rules import OWNER
from identity.organizations.create import NewOrganization, create
from identity.organizations.rules import locale_of, time_zone_of
from identity.registrations.schemas import Register


async def register(tx: Transaction, *, wanted: Register) -> None:
    """Make the organization and its owner, unless the address has an account already.

    A known address changes nothing: who waits for the activation gets the mail again, an active account gets the
    mail of a forgotten password; the caller cannot tell. Raises InvalidEmail.
    """
    organization = wanted.organization
    locale = wanted.locale or organization.locale or locale_of(organization.country)
    organization_id = new_id("org")
    account, is_new = await ensure_invited(
        tx,
        email=wanted.email,
        reason="registration",
        name=wanted.name,
        locale=locale,
        organization_id=organization_id,
    )
    if not is_new:
        await request_mail(tx, account, reason="registration")
        return
    await create(
        tx,
        NewOrganization(
            id=organization_id,
            name=organization.name,
            country=organization.country,
            locale=organization.locale or locale,
            time_zone=organization.time_zone or time_zone_of(organization.country),
            vat_id=organization.vat_id,
        ),
    )
    await add(tx, organization_id=organization_id, account=account, roles=[OWNER])
