"""What can go wrong with the archive."""

from chassis.kernel.errors import NotFound


class NotTransferred(NotFound):
    """The organization did not come from the legacy shop."""

    code, title = "not-transferred", "This organization did not come from the old shop"


class LegacyOrderNotFound(NotFound):
    """The organization has no such order in the legacy shop."""

    code, title = "legacy-order-not-found", "There is no such order of the old shop"
