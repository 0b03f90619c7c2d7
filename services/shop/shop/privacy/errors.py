"""What can go wrong with erasing."""

from chassis.kernel.errors import Conflict


class LiveSubscriptions(Conflict):
    """A customer with running subscriptions cannot be erased."""

    code, title = "subscriptions-running", "Subscriptions are still running"
