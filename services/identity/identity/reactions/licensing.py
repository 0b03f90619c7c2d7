"""What identity does when licensing speaks."""

from datetime import datetime

from chassis.bus.reactions import Reactions
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact
from chassis.kernel.emails import normalize_email
from identity.accounts.ensure_invited import ensure_invited
from identity.applications.project import project_entitlement

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


@reactions.on("licensing.assignment.created.v1", AssignedFact)
async def have_account(tx: Transaction, fact: AssignedFact, envelope: Envelope) -> None:
    """Have an account for the colleague, so that the invitation can activate it. Twice finds it in place."""
    await ensure_invited(
        tx,
        email=fact.assignment.email,
        reason="assignment",
        locale=fact.organization.locale,
        organization_id=fact.assignment.organization_id,
    )


@reactions.on("licensing.entitlement.changed.v1", EntitlementFact)
async def learn_entitlement(tx: Transaction, fact: EntitlementFact, envelope: Envelope) -> None:
    """Remember what the address may use and when: tiles follow. A snapshot older than ours changes nothing."""
    await project_entitlement(
        tx,
        email=normalize_email(fact.email),
        product_code=fact.product_code,
        sequence=envelope.sequence,
        grants=[grant.model_dump(mode="json") for grant in fact.grants],
    )
