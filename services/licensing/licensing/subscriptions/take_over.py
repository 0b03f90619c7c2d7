"""Take over the one-off purchases that transfers bring along."""

from collections.abc import Sequence

from chassis.bus.reactions import Heard
from chassis.db.transaction import Transaction
from chassis.kernel.emails import normalize_email
from licensing.licenses.grant_one_off import Purchase, grant_one_offs
from licensing.organizations.snapshots import Organization
from licensing.products.remember import Word, remember
from licensing.subscriptions.recount import note_organizations
from licensing.transfers.facts import OneOff, TransferNews


async def take_over(tx: Transaction, heard: Sequence[Heard[TransferNews]]) -> None:
    """Let the buyers go on using them, each transfer's by product."""
    organizations = await note_organizations(tx, heard)
    brought = [(one, one_off) for one in heard for one_off in sorted(one.fact.one_offs, key=_by_product)]
    names = await remember(tx, [_word(one, one_off) for one, one_off in brought])
    await grant_one_offs(
        tx,
        [
            _purchase(one, one_off, organizations[one.fact.organization.id], names[one_off.product_code])
            for one, one_off in brought
        ],
    )


def _by_product(one_off: OneOff) -> tuple[str, str]:
    return one_off.product_code, one_off.legacy_id


def _word(one: Heard[TransferNews], one_off: OneOff) -> Word:
    return Word(
        code=one_off.product_code,
        name=one_off.product_name,
        applications=one_off.applications,
        noted_at=one.envelope.time,
    )


def _purchase(
    one: Heard[TransferNews], one_off: OneOff, organization: Organization, product_name: dict[str, str]
) -> Purchase:
    return Purchase(
        heard=one,
        organization=organization,
        buyer=one.fact.buyer,
        buyer_email=normalize_email(one.fact.buyer.email),
        transfer_id=one.fact.transfer_id,
        legacy_id=one_off.legacy_id,
        product_code=one_off.product_code,
        product_name=product_name,
        quantity=one_off.quantity,
        first_day=one_off.first_day,
        last_day=one_off.last_day,
        units_total=one_off.units_total,
        units_used=one_off.units_used or 0,
    )
