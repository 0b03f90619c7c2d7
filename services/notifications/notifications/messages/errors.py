"""What can be refused about a mail."""

from chassis.kernel.errors import Conflict, NotFound


class MessageNotFound(NotFound):
    """No mail with this id."""

    code, title = "message-not-found", "There is no such mail"


class MessageOnItsWay(Conflict):
    """The mail has not been handed over yet; it will be."""

    code, title = "message-on-its-way", "The mail is still on its way"


class MessageExpired(Conflict):
    """The mail's occasion has passed: a reminder after the day would mislead."""

    code, title = "message-expired", "The occasion of this mail has passed"


class RecipientSuppressed(Conflict):
    """The address gets no mail; lift the suppression first."""

    code, title = "recipient-suppressed", "This address gets no mail at present"
