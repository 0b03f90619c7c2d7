"""What licensing does when identity speaks."""

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.emails import normalize_email
from licensing.accounts.remember import Word, remember
from licensing.assignments.rebind import rebind
from licensing.organizations.snapshots import Organization
from licensing.subscriptions.recount import note_organizations

identity = Reactions("identity")


class OrganizationNews(Fact):
    """An organization was made or changed."""

    organization_id: str
    name: str
    country: str | None = None
    locale: str = "en"
    time_zone: str = "UTC"

    @property
    def organization(self) -> Organization:
        """The organization as it is after the change."""
        return Organization(
            id=self.organization_id,
            name=self.name,
            locale=self.locale,
            time_zone=self.time_zone,
            country=self.country,
        )


class AccountNews(Fact):
    """An account was made, or activated."""

    account_id: str
    email: str


class EmailChanged(AccountNews):
    """A person proved that another address is theirs."""

    previous_email: str


async def note_all(tx: Transaction, heard: list[Heard[OrganizationNews]]) -> None:
    """Know the organizations; where their days follow another clock, count them anew. The newest word stands."""
    await note_organizations(tx, heard)


for name in ("created", "changed"):
    identity.on_many(f"identity.organization.{name}.v1", OrganizationNews)(note_all)


async def know_accounts(tx: Transaction, heard: list[Heard[AccountNews]]) -> None:
    """Know the addresses of accounts. The newest word stands, so late and repeated ones do no harm."""
    await remember(tx, [_word(one.fact, one.envelope) for one in heard])


for name in ("invited", "activated"):
    identity.on_many(f"identity.account.{name}.v1", AccountNews)(know_accounts)


@identity.on("identity.account.email_changed.v1", EmailChanged)
async def follow_person(tx: Transaction, news: EmailChanged, envelope: Envelope) -> None:
    """Let the person's seats follow. A repeated event finds nothing left to move."""
    await remember(tx, [_word(news, envelope)])
    await rebind(tx, previous=normalize_email(news.previous_email), email=normalize_email(news.email))


def _word(news: AccountNews, envelope: Envelope) -> Word:
    return Word(news.account_id, normalize_email(news.email), envelope.sequence)
