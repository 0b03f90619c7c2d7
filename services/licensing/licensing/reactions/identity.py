"""What licensing does when identity speaks."""

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.emails import normalize_email
from licensing.assignments.rebind import rebind
from licensing.organizations.remember import remember
from licensing.organizations.snapshots import Organization
from licensing.subscriptions.recount import recount_days

identity = Reactions("identity")


class OrganizationNews(Fact):
    """An organization was made or changed."""

    organization_id: str
    name: str
    country: str | None = None
    locale: str = "en"
    time_zone: str = "UTC"


class EmailChanged(Fact):
    """A person proved that another address is theirs."""

    email: str
    previous_email: str


async def note_organization(tx: Transaction, news: OrganizationNews, envelope: Envelope) -> None:
    """Know the organization; when its days follow another clock, count them anew. The newest word stands."""
    organization = Organization(
        id=news.organization_id,
        name=news.name,
        locale=news.locale,
        time_zone=news.time_zone,
        country=news.country,
    )
    if await remember(tx, organization, noted_at=envelope.time):
        await recount_days(tx, organization)


for name in ("created", "changed"):
    identity.on(f"identity.organization.{name}.v1", OrganizationNews)(note_organization)


@identity.on("identity.account.email_changed.v1", EmailChanged)
async def follow_person(tx: Transaction, news: EmailChanged, envelope: Envelope) -> None:
    """Let the person's seats follow. A repeated event finds nothing left to move."""
    await rebind(tx, previous=normalize_email(news.previous_email), email=normalize_email(news.email))
