"""What identity does when licensing speaks."""

from datetime import datetime

from chassis.bus.reactions import Heard, Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Fact
from chassis.kernel.emails import normalize_email
from identity.accounts.ensure_invited import Invitee, ensure_all
from identity.applications.project import Snapshot, project_entitlements
from identity.reactions.telling import tell

reactions = Reactions("licensing")


class AssignmentFact(Fact):
    """A seat held by an address."""

    organization_id: str
    email: str


class OrganizationFact(Fact):
    """Whose seat it is."""

    locale: str = "en"


class AssignedFact(Fact):
    """A colleague was given a seat."""

    assignment: AssignmentFact
    organization: OrganizationFact = OrganizationFact()

    @property
    def invitee(self) -> Invitee:
        """Whom to have an account for."""
        return Invitee(
            email=self.assignment.email,
            reason="assignment",
            locale=self.organization.locale,
            organization_id=self.assignment.organization_id,
        )


class GrantFact(Fact):
    """The right to use the product over a span of instants."""

    organization_id: str
    reason: str
    valid_from: datetime
    valid_until: datetime | None


class EntitlementFact(Fact):
    """Every present and future grant of a product to an address."""

    email: str
    product_code: str
    grants: list[GrantFact]


@reactions.on_many("licensing.assignment.created.v1", AssignedFact)
async def have_accounts(tx: Transaction, heard: list[Heard[AssignedFact]]) -> None:
    """Have an account for each colleague, so that the invitation can activate it. Twice finds it in place."""
    ensured = await ensure_all(tx, [one.fact.invitee for one in heard])
    tell(tx, heard, [[each.news] if each.news else [] for each in ensured])


@reactions.on_many("licensing.entitlement.changed.v1", EntitlementFact)
async def learn_entitlements(tx: Transaction, heard: list[Heard[EntitlementFact]]) -> None:
    """Remember what addresses may use and when: tiles follow. A snapshot older than ours changes nothing."""
    await project_entitlements(
        tx,
        [
            Snapshot(
                email=normalize_email(one.fact.email),
                product_code=one.fact.product_code,
                sequence=one.envelope.sequence,
                grants=[grant.model_dump(mode="json") for grant in one.fact.grants],
            )
            for one in heard
        ],
    )
