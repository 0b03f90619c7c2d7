"""Who carries mails out of the house."""

from typing import Protocol

from notifications.delivery.rules import Handover


class Mailer(Protocol):
    """Hands mails over to a mail server."""

    async def hand_over(self, *, sender: str, recipient: str, content: bytes) -> Handover:
        """Try once; answers how it ended and raises nothing."""
        ...

    async def close(self) -> None:
        """Say goodbye to the mail server."""
        ...
