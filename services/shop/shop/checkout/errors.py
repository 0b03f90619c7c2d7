"""What can go wrong with buying."""

from chassis.kernel.errors import Conflict


class TransferPending(Conflict):
    """The organization is a customer of the old shop and has not been transferred yet."""

    code, title = "transfer-pending", "Your account has not been transferred yet"
