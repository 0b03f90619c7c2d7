"""Suppressions as operators see them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Reason = Literal["hard_bounce", "complaint", "manual"]


class Suppression(BaseModel):
    """An address that gets no mail."""

    id: str
    email: str
    reason: Reason
    detail: str | None
    source_message_id: str | None = Field(description="The mail whose bounce caused it.")
    created_by: str
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "Suppression":
        """The suppression in a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class CreateSuppression(BaseModel):
    """An address that shall get no mail."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "former@customer.example"}]})

    email: Annotated[str, StringConstraints(max_length=320)]
    reason: Reason = "manual"
    detail: Annotated[str, StringConstraints(max_length=500)] | None = None
    expires_at: datetime | None = None
