"""What can go wrong with paying."""

from chassis.kernel.errors import BusinessError


class PaymentDeclined(BusinessError):
    """The payment was declined; nothing was bought. `order_id` and `failure_code` tell more."""

    code, title, status = "payment-declined", "The payment was declined", 402
