"""Why a question about sessions is refused."""

from chassis.kernel.errors import NotFound


class SessionNotFound(NotFound):
    """No such session, or somebody else's."""

    code, title = "session-not-found", "There is no such session"
