"""What the other services learn about sessions."""

from chassis.facts import Event


class SessionEnded(Event):
    """A person signed out, was signed out, or did not come back in time: the session's tokens are no longer good."""

    event_type = "identity.session.ended.v1"
    subject_field = "session_id"

    session_id: str
    account_id: str
    reason: str
