"""What operators read in the audit book."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class AuditEntry(BaseModel):
    """Who did what to whom, when; never changed afterwards."""

    id: str
    recorded_at: datetime
    actor: str
    action: str
    target: str
    organization_id: str | None
    request_id: str | None
    data: dict[str, Any]
