"""What can be wrong with a link."""

from chassis.kernel.errors import Conflict, NotFound


class NothingPending(Conflict):
    """Nobody wants to have this address."""

    code = "nothing-pending"
    title = "No account is waiting to have this address"


class LinkUnusable(NotFound):
    """Expired, used, superseded or never issued: the answer does not tell which (410)."""

    code = "link-unusable"
    title = "This link cannot be used any more"
    status = 410
