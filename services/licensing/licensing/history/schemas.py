"""What clients are promised about history."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class HistoryEntry(BaseModel):
    """Something that was done to a license or an assignment."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "at": "2027-02-05T09:00:00Z",
                "action": "assignment.deactivated",
                "actor": "user:acc_01k0q3v7w2d8m4n6p8r0t2v4x6",
                "by": "paula@example.com",
                "license_id": "lic_01k0q3v7w2d8m4n6p8r0t2v4x6",
                "assignment_id": "asg_01k0q3v7w2d8m4n6p8r0t2v4x6",
                "details": {"email": "jane@example.com"},
            }
        }
    )

    at: datetime
    action: str
    actor: str
    by: str | None = Field(None, description="The e-mail address of the person who acted, where it is known.")
    license_id: str
    assignment_id: str | None
    details: dict[str, Any]
