"""Events: what a service promises to others (`Event`), what it reads of theirs (`Fact`), and the envelope of both.

The envelope is CloudEvents 1.0 in structured JSON, with the extensions `sequence` (position among the events of one
subject), `traceparent`, `correlationid` and `actor`.
"""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Something that happened, published by the service that owns it. Subclasses say when in their docstring."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_type: ClassVar[str]
    subject_field: ClassVar[str]

    @property
    def subject(self) -> str:
        """The id of the aggregate it happened to; `subject_field` may be a dotted path (`subscription.id`)."""
        value: Any = self
        for name in self.subject_field.split("."):
            value = value[name] if isinstance(value, dict) else getattr(value, name)
        return str(value)


class Fact(BaseModel):
    """A tolerant reader: the fields of a foreign event that its consumer cares about; the rest is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Envelope(BaseModel):
    """A CloudEvents 1.0 envelope as it travels over NATS."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str = "application/json"
    sequence: int
    traceparent: str | None = None
    correlationid: str | None = None
    actor: str | None = None
    data: dict[str, Any]
