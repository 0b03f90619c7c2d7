"""What can go wrong with paying."""

from chassis.kernel.errors import BusinessError, Conflict, Malformed, NotFound, Unavailable


class PaymentDeclined(BusinessError):
    """The payment was declined; nothing was bought. `order_id` and `failure_code` tell more."""

    code, title, status = "payment-declined", "The payment was declined", 402


class RefundNotPossible(Conflict):
    """The payment provider does not give this money back; `detail` has its reason."""

    code, title = "refund-not-possible", "The payment provider refused the refund"


class RefundNotAnswered(Unavailable):
    """The payment provider gave no answer. Asking again is harmless: it gives back once."""

    code, title = "refund-not-answered", "The payment provider did not answer"


class CallbackSenderNotFound(NotFound):
    """No payment provider of this name calls back here."""

    code, title = "payment-callback-unknown", "No payment provider calls back here"


class CallbackNotAccepted(Malformed):
    """The signature is missing, wrong, or older than five minutes; or the body cannot be read."""

    code, title = "payment-callback-refused", "This call is not signed by the payment provider"
