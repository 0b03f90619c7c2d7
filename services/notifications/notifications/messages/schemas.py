"""Mails as operators see them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

Status = Literal["queued", "sending", "sent", "failed", "bounced", "suppressed", "held", "unknown"]


class Message(BaseModel):
    """A mail in a list."""

    id: str
    template: str
    locale: str
    to: str
    subject: str | None = Field(description="Null until the mail is rendered, when it leaves.")
    status: Status
    reason: str | None = Field(description="Why it is in this status, or why the last attempt did not succeed.")
    attempts: int
    correlation: str | None = Field(description="What it is about, such as `transfer:trf_…`.")
    organization_id: str | None
    resend_of: str | None = Field(description="The mail that this one repeats on an operator's wish.")
    queued_at: datetime
    next_attempt_at: datetime | None = Field(description="When it is tried next; null when it is not.")
    expires_at: datetime | None
    sent_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "Message":
        """The mail in a row."""
        return cls(**_columns(row))


class Attempt(BaseModel):
    """One attempt to hand a mail over."""

    number: int
    at: datetime
    outcome: str
    smtp_code: int | None
    detail: str | None


class MessageDetails(Message):
    """A mail with its text. One-time links are never kept: a placeholder stands in their place."""

    message_id: str = Field(description="The Message-ID header.")
    data: dict[str, Any]
    text: str | None
    html: str | None
    attempt_log: list[Attempt]

    @classmethod
    def with_log(cls, row: Any, *, message_id: str, log: list[Any]) -> "MessageDetails":
        """The mail in a row, with its attempts."""
        names = Attempt.model_fields
        return cls(
            **_columns(row),
            message_id=message_id,
            data=row.data,
            text=row.text,
            html=row.html,
            attempt_log=[Attempt(**{name: getattr(entry, name) for name in names}) for entry in log],
        )


def _columns(row: Any) -> dict[str, Any]:
    computed = {"to": row.to_address, "next_attempt_at": row.next_attempt_at if row.status == "queued" else None}
    return computed | {name: getattr(row, name) for name in Message.model_fields if name not in computed}
