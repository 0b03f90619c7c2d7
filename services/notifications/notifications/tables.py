"""Every table of the service in one place: what migrations are compared with."""

from notifications.messages import models as messages
from notifications.metadata import metadata
from notifications.preferences import models as preferences
from notifications.reactions import models as reactions
from notifications.suppressions import models as suppressions
from notifications.webhooks import models as webhooks

__all__ = ["messages", "metadata", "preferences", "reactions", "suppressions", "webhooks"]
