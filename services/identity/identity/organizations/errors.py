"""What can be wrong with an organization."""

from chassis.kernel.errors import NotFound


class OrganizationNotFound(NotFound):
    """It does not exist, or it is somebody else's."""

    code = "organization-not-found"
    title = "There is no such organization"
