"""Why a question about consents is refused."""

from chassis.kernel.errors import NotFound


class ConsentNotFound(NotFound):
    """Nothing was agreed to for this client."""

    code, title = "consent-not-found", "You have not let this application act for you"
