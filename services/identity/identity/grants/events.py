"""What the other services learn about grants."""

from chassis.facts import Event


class AccessRevoked(Event):
    """Access tokens are no longer good before their time: the one of this id, or all whose ids begin with it."""

    event_type = "identity.access.revoked.v1"
    subject_field = "token_id"

    token_id: str
    """The `jti` of a token, or the id of a grant: the part of `jti` before its dot."""
    client_id: str
    reason: str
