"""What can be wrong with an application."""

from chassis.kernel.errors import Conflict, NotFound


class ApplicationNotFound(NotFound):
    """No application has that id or code."""

    code = "application-not-found"
    title = "There is no such application"


class ApplicationExists(Conflict):
    """Codes are unique."""

    code = "application-exists"
    title = "An application with this code exists already"
