"""What this service tells of its mails. Addresses travel as hashes."""

from typing import ClassVar

from chassis.facts import Event


class MessageSent(Event):
    """The mail server took the mail."""

    event_type: ClassVar[str] = "notifications.message.sent.v1"
    subject_field: ClassVar[str] = "message_id"

    message_id: str
    template: str
    correlation: str | None
    recipient_hash: str
    organization_id: str | None


class MessageFailed(Event):
    """The mail was given up without reaching its recipient: expired, suppressed, superseded or tried too long."""

    event_type: ClassVar[str] = "notifications.message.failed.v1"
    subject_field: ClassVar[str] = "message_id"

    message_id: str
    template: str
    correlation: str | None
    recipient_hash: str
    organization_id: str | None
    reason: str


class MessageBounced(Event):
    """The mail server refused the recipient for good; the address gets no more mail until somebody lifts that."""

    event_type: ClassVar[str] = "notifications.message.bounced.v1"
    subject_field: ClassVar[str] = "message_id"

    message_id: str
    template: str
    correlation: str | None
    recipient_hash: str
    organization_id: str | None
    reason: str
    smtp_code: int | None
