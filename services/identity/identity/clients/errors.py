"""Why a client is refused."""

from chassis.kernel.errors import Conflict, Invalid, NotFound


class ClientNotFound(NotFound):
    """No such client."""

    code, title = "client-not-found", "There is no such client"


class InvalidClientMetadata(Invalid):
    """The metadata cannot be registered."""

    code, title = "invalid-client-metadata", "This client cannot be registered like this"


class ClientIsBuiltIn(Conflict):
    """The platform itself needs it."""

    code, title = "client-is-built-in", "This client belongs to the platform and is configured by its settings"


class ClientHasNoSecret(Conflict):
    """It proves who it is in another way."""

    code, title = "client-has-no-secret", "This client does not use a secret"
