"""What can stand in the way of a change among members."""

from chassis.kernel.errors import Conflict, NotFound


class MemberNotFound(NotFound):
    """It does not exist, or belongs to another organization."""

    code = "member-not-found"
    title = "There is no such member"


class LastOwner(Conflict):
    """An organization always has an owner."""

    code = "last-owner"
    title = "The last owner cannot leave the organization or give up the role"
