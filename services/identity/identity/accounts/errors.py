"""What can be wrong with an account."""

from chassis.kernel.errors import Conflict, FieldError, Invalid, NotFound, Throttled


class AccountNotFound(NotFound):
    """No account has that id."""

    code = "account-not-found"
    title = "There is no such account"


class AccountExists(Conflict):
    """Another account has this e-mail address."""

    code = "account-exists"
    title = "An account with this e-mail address exists already"


class AccountNotWaiting(Conflict):
    """Only an invited account can be sent its activation link."""

    code = "account-not-waiting"
    title = "This account is not waiting for its activation"


class PasswordRefused(Invalid):
    """The new password breaks a rule; `reason` says which one."""

    code = "password-refused"
    title = "This password cannot be used"

    def __init__(self, reason: str, pointer: str = "/new_password") -> None:
        super().__init__(errors=[FieldError(pointer, reason, SENTENCES[reason])])
        self.reason = reason


class WrongPassword(Invalid):
    """The present password, asked again before a grave change, was not right."""

    code = "wrong-password"
    title = "The present password is not right"

    def __init__(self, pointer: str = "/current_password") -> None:
        super().__init__(errors=[FieldError(pointer, "wrong_password", f"{self.title}.")])


class TooManyPasswordTries(Throttled):
    """Somebody who is signed in guesses at the password."""

    code = "too-many-password-tries"
    title = "The password was wrong too often; please wait a while"


SENTENCES = {
    "too_short": "Use 15 characters or more, or 8 or more with a second factor.",
    "too_long": "Use 1,024 characters or fewer.",
    "too_common": "Many people use this password; choose another one.",
    "too_close_to_you": "This password is made of your name, your address or the product's name; choose another one.",
    "not_confirmed": "The two passwords are not the same.",
}
