"""What can go wrong with orders."""

from chassis.kernel.errors import Conflict, NotFound


class OrderNotFound(NotFound):
    """Unknown, or another organization's."""

    code, title = "order-not-found", "There is no such order"


class OrderNotRefundable(Conflict):
    """Only a paid order of this shop can be given back."""

    code, title = "order-not-refundable", "This order cannot be refunded"
