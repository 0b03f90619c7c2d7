"""What the other services learn about clients."""

from chassis.facts import Event


class ClientDisabled(Event):
    """A client was disabled or removed: its tokens are no longer good."""

    event_type = "identity.client.disabled.v1"
    subject_field = "client_id"

    client_id: str
