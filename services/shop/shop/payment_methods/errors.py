"""What can go wrong with payment methods."""

from chassis.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class PaymentMethodNotFound(NotFound):
    """Unknown, removed, or another organization's."""

    code, title = "payment-method-not-found", "There is no such payment method"


class PaymentMethodInUse(Conflict):
    """It pays a running subscription."""

    code, title = "payment-method-in-use", "This payment method pays a running subscription"


class TokenNotAccepted(Invalid):
    """The payment provider does not know the token."""

    code, title = "payment-token-refused", "The payment provider did not accept this"


class ProviderUnavailable(Unavailable):
    """The payment provider does not answer."""

    code, title = "payment-provider-unavailable", "The payment provider cannot be reached"
