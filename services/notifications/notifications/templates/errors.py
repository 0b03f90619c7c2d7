"""What can be refused about templates."""

from chassis.kernel.errors import Invalid, NotFound


class TemplateNotFound(NotFound):
    """No mail with this key."""

    code, title = "template-not-found", "There is no such mail template"


class NotEnoughData(Invalid):
    """The data lacks something that the mail needs."""

    code, title = "template-data", "The data does not fit the mail"
