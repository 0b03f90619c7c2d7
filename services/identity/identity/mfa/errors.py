"""What can go wrong with a second factor."""

from chassis.kernel.errors import Conflict, FieldError, Invalid


class SecondFactorExists(Conflict):
    """Remove the present authenticator before another one is set up."""

    code = "second-factor-exists"
    title = "A second factor is set up already"


class NoSecondFactor(Conflict):
    """There is nothing to confirm, to renew or to remove."""

    code = "no-second-factor"
    title = "No second factor is set up"


class WrongCode(Invalid):
    """The code is not the present one, or was used before."""

    code = "wrong-code"
    title = "This code is not right"

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/code", "wrong_code", f"{self.title}.")])
