"""What the other services learn about members."""

from typing import ClassVar, Literal

from chassis.facts import Event


class MemberEvent(Event):
    """An event whose aggregate is a membership."""

    subject_field: ClassVar[str] = "member_id"

    member_id: str
    organization_id: str
    account_id: str
    email: str
    name: str
    roles: list[str]
    status: Literal["invited", "active"]


class MemberAdded(MemberEvent):
    """A person belongs to an organization from now on."""

    event_type: ClassVar[str] = "identity.member.added.v1"


class MemberChanged(MemberEvent):
    """A member has other roles, or has activated the account."""

    event_type: ClassVar[str] = "identity.member.changed.v1"


class MemberRemoved(MemberEvent):
    """A person does not belong to the organization any more."""

    event_type: ClassVar[str] = "identity.member.removed.v1"
