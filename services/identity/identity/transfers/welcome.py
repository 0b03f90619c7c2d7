"""Let customers of the old shop in: the organization, its buyer's account, the membership."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.db.transaction import Transaction
from chassis.facts import Event
from identity.accounts.ensure_invited import Invitee, ensure_all
from identity.accounts.locales import known_locale
from identity.members.add import Joining, add_all
from identity.members.events import MemberAdded
from identity.members.rules import OWNER
from identity.members.tell import told
from identity.organizations.create import NewOrganization, create_all


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


async def welcome_all(tx: Transaction, arrivals: Sequence[Arrival]) -> list[list[Event]]:
    """Make what is missing of organizations, accounts and ownerships; what to tell of each arrival.

    What is there stays, so twice is harmless. The account waits for its activation: no password is ever brought over
    (FAQ, "Accès personnel"). Three statements for a hundred new customers, because a wave brings ten thousand of them;
    rows are locked in the order organizations, accounts, memberships, as by everybody who invites.
    """
    companies = await create_all(tx, [_organization(arrival) for arrival in arrivals])
    buyers = await ensure_all(tx, [_buyer(arrival) for arrival in arrivals])
    owners = await add_all(
        tx,
        [
            Joining(arrival.organization_id, buyer.account, [OWNER])
            for arrival, buyer in zip(arrivals, buyers, strict=True)
        ],
    )
    return [
        [news for news in (company, buyer.news, owner and told(MemberAdded, owner)) if news is not None]
        for company, buyer, owner in zip(companies, buyers, owners, strict=True)
    ]


def _organization(arrival: Arrival) -> NewOrganization:
    return NewOrganization(
        id=arrival.organization_id,
        name=arrival.organization_name,
        country=arrival.country,
        locale=known_locale(arrival.locale),
        time_zone=arrival.time_zone,
        region=arrival.region,
        vat_id=arrival.vat_id,
        origin="transferred",
    )


def _buyer(arrival: Arrival) -> Invitee:
    return Invitee(
        email=arrival.buyer_email,
        reason="transfer",
        name=arrival.buyer_name,
        locale=arrival.buyer_locale or arrival.locale,
        organization_id=arrival.organization_id,
    )
