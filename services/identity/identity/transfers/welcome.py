"""Let a customer of the old shop in: the organization, its buyer's account, the membership."""

from dataclasses import dataclass

from chassis.db.transaction import Transaction
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.locales import known_locale
from identity.members.add import add
from identity.members.rules import OWNER
from identity.organizations.create import create


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who arrives. The transfer has minted `organization_id`; all services know the customer by it."""

    organization_id: str
    organization_name: str
    country: str
    locale: str
    time_zone: str
    region: str | None
    vat_id: str | None
    buyer_email: str
    buyer_name: str
    buyer_locale: str | None


async def welcome(tx: Transaction, arrival: Arrival) -> None:
    """Make what is missing of organization, account and ownership; what is there stays, so twice is harmless.

    The account waits for its activation: no password is ever brought over (FAQ, "Accès personnel"). Three statements
    for a new customer, because a wave brings ten thousand of them.
    """
    locale = known_locale(arrival.locale)
    await create(
        tx,
        organization_id=arrival.organization_id,
        name=arrival.organization_name,
        country=arrival.country,
        locale=locale,
        time_zone=arrival.time_zone,
        region=arrival.region,
        vat_id=arrival.vat_id,
        origin="transferred",
    )
    account, _ = await ensure_invited(
        tx,
        email=arrival.buyer_email,
        reason="transfer",
        name=arrival.buyer_name,
        locale=arrival.buyer_locale or locale,
        organization_id=arrival.organization_id,
    )
    await add(tx, organization_id=arrival.organization_id, account=account, roles=[OWNER])
