"""The audit book, read by operators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, requires
from chassis.http.pages import Page, PageQuery, page_of
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from identity.audit.models import audit_entries
from identity.audit.schemas import AuditEntry

router = APIRouter(prefix="/audit-entries", tags=["audit"])


@router.get("", responses=problems(Invalid))
async def list_audit_entries(
    reader: Read,
    page: PageQuery,
    _: Annotated[Principal, requires("operator:read")],
    actor: Annotated[str | None, Query(description="Who did it, such as `user:acc_…`.")] = None,
    action: Annotated[str | None, Query(description="What was done, such as `account.disabled`.")] = None,
    target: Annotated[str | None, Query(description="The id of what it was done to.")] = None,
    organization: Annotated[str | None, Query(description="The organization it happened in.")] = None,
    since: Annotated[datetime | None, Query(description="Recorded at this instant or later.")] = None,
    until: Annotated[datetime | None, Query(description="Recorded before this instant.")] = None,
) -> Page[AuditEntry]:
    """List security facts, the latest first."""
    entries = select(audit_entries)
    equal = {"actor": actor, "action": action, "target": target, "organization_id": organization}
    for name, value in equal.items():
        if value is not None:
            entries = entries.where(audit_entries.c[name] == value)
    if since is not None:
        entries = entries.where(audit_entries.c.recorded_at >= since)
    if until is not None:
        entries = entries.where(audit_entries.c.recorded_at < until)
    return await page_of(
        reader,
        entries,
        page,
        order_by=[audit_entries.c.id],
        descending=True,
        convert=lambda row: AuditEntry.model_validate(row, from_attributes=True),
    )
