"""Put what became of a member into an event."""

from identity.members.events import MemberEvent
from identity.members.queries import Member


def told(kind: type[MemberEvent], member: Member) -> MemberEvent:
    """The event of that kind about the member as it is now."""
    return kind(
        member_id=member.id,
        organization_id=member.organization_id,
        account_id=member.account_id,
        email=member.email,
        name=member.name,
        roles=list(member.roles),
        status="invited" if member.status == "invited" else "active",
    )
