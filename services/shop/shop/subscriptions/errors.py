"""What can go wrong with subscriptions."""

from chassis.kernel.errors import Conflict, NotFound


class SubscriptionNotFound(NotFound):
    """Unknown, or another organization's."""

    code, title = "subscription-not-found", "There is no such subscription"


class SubscriptionEndedAlready(Conflict):
    """Nothing can be changed any more."""

    code, title = "subscription-ended", "The subscription has ended"


class SubscriptionPastDue(Conflict):
    """A renewal has to be paid first."""

    code, title = "subscription-past-due", "A payment is outstanding"


class NotCancelled(Conflict):
    """There is no cancellation to undo."""

    code, title = "subscription-not-cancelled", "The subscription is not cancelled"


class PaymentInProgress(Conflict):
    """An earlier payment of this subscription is not decided yet."""

    code, title = "payment-in-progress", "A payment is still being processed"


class QuantityChangedMeanwhile(Conflict):
    """Seats were added at the same time, so the quantity would be a smaller one now: look again."""

    code, title = "quantity-changed-meanwhile", "The quantity was changed at the same time"


class NotBilledHere(Conflict):
    """The old shop still bills it, or the transfer is under way."""

    code, title = "subscription-not-billed-here", "The subscription has not been transferred yet"


class NotHeld(Conflict):
    """There is nothing to release."""

    code, title = "subscription-not-held", "The subscription is not held"


class PromiseDoesNotFit(Conflict):
    """The promised amount is no whole price for each seat: the quantity is another one than was promised."""

    code, title = "promise-does-not-fit", "The promised amount cannot be divided among the seats"


class NewBusinessExists(Conflict):
    """Something was bought or charged here, so the customer cannot be put back."""

    code, title = "new-business-exists", "The customer has bought or paid here already"
