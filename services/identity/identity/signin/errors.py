"""Why a sign-in is refused."""

from chassis.kernel.errors import Throttled


class TooManyAttempts(Throttled):
    """Too many wrong guesses; `retry_after` tells how long to wait."""

    code, title = "too-many-attempts", "Too many attempts"
