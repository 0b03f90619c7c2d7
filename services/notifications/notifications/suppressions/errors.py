"""What can be refused about suppressions."""

from chassis.kernel.errors import NotFound


class SuppressionNotFound(NotFound):
    """No suppression with this id."""

    code, title = "suppression-not-found", "There is no such suppression"
