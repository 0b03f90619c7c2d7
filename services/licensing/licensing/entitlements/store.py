"""The private statements of the entitlements feature: each is one round trip, whatever the number of questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import text

from chassis.db.transaction import Reader
from licensing.entitlements.rules import Claim

ASKED = text(
    "SELECT q.no, EXISTS (SELECT 1 FROM products p WHERE p.code = q.product_code) AS is_known_product, "
    "EXISTS (SELECT 1 FROM transfers t WHERE t.buyer_email = q.email AND t.state <> 'transferred' "
    "AND (q.organization_id IS NULL OR t.organization_id = q.organization_id)) AS has_pending_transfer, c.* "
    "FROM unnest(CAST(:emails AS text[]), CAST(:products AS text[]), CAST(:organizations AS text[])) "
    "WITH ORDINALITY AS q(email, product_code, organization_id, no) LEFT JOIN LATERAL ("
    "SELECT l.organization_id, l.id AS license_id, a.id AS assignment_id, a.starts_at, a.ends_at, a.closed_at, "
    "a.closed_reason, l.access_from, l.assured_until, l.access_until, l.lapse, false AS units_used_up "
    "FROM assignments a JOIN licenses l ON l.id = a.license_id "
    "WHERE a.email = q.email AND a.product_code = q.product_code "
    "AND (q.organization_id IS NULL OR a.organization_id = q.organization_id) "
    "UNION ALL SELECT l.organization_id, l.id, NULL, l.access_from, l.access_until, NULL, "
    "NULL, l.access_from, l.assured_until, l.access_until, l.lapse, coalesce(l.units_used >= l.units_total, false) "
    "FROM licenses l WHERE l.origin = 'one_off' AND l.buyer_email = q.email AND l.product_code = q.product_code "
    "AND (q.organization_id IS NULL OR l.organization_id = q.organization_id)) c ON true"
)
PRODUCTS_OF = text(
    "SELECT product_code FROM assignments WHERE email = :email "
    "AND (CAST(:organization_id AS text) IS NULL OR organization_id = :organization_id) "
    "UNION SELECT product_code FROM licenses WHERE origin = 'one_off' AND buyer_email = :email "
    "AND (CAST(:organization_id AS text) IS NULL OR organization_id = :organization_id) ORDER BY product_code"
)
TAKE_CHANGES = text(
    "DELETE FROM entitlement_changes WHERE no IN (SELECT no FROM entitlement_changes ORDER BY no LIMIT :batch) "
    "RETURNING email, product_code"
)
ONE_ANNOUNCER = text("SELECT pg_advisory_xact_lock(7301483)")


class Question(NamedTuple):
    """Who wants to use what; `organization_id` None asks across all organizations. `account`: how it was asked."""

    email: str
    product: str
    organization_id: str | None
    account: str | None = None


@dataclass(slots=True)
class Evidence:
    """What is stored that bears on one question."""

    claims: list[Claim]
    is_known_product: bool = False
    has_pending_transfer: bool = False


async def evidence(reader: Reader, questions: Sequence[Question]) -> list[Evidence]:
    """What is stored that bears on each question, in the order asked: one statement for all of them."""
    found = [Evidence([]) for _ in questions]
    params = {
        "emails": [question.email for question in questions],
        "products": [question.product for question in questions],
        "organizations": [question.organization_id for question in questions],
    }
    for row in await reader.all(ASKED, params):
        one = found[row.no - 1]
        one.is_known_product, one.has_pending_transfer = row.is_known_product, row.has_pending_transfer
        if row.license_id is not None:
            one.claims.append(Claim(*row[3:]))
    return found


async def products_of(reader: Reader, *, email: str, organization_id: str | None) -> list[str]:
    """The products that the address has, had or will have something to do with."""
    params = {"email": email, "organization_id": organization_id}
    return list((await reader.execute(PRODUCTS_OF, params)).scalars())
