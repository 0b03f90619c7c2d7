"""Forms in which a new password is typed twice."""

from dataclasses import dataclass

from fastapi import Request

from identity.accounts.errors import PasswordRefused

LONGEST_FIELD = 4096


@dataclass(frozen=True, slots=True)
class PasswordForm:
    """What was typed into `password` and `password_confirmation`."""

    password: str
    confirmation: str

    def check_is_confirmed(self) -> None:
        """Raise PasswordRefused when the two differ."""
        if self.password != self.confirmation:
            raise PasswordRefused("not_confirmed", "/password_confirmation")


async def read_password_form(request: Request) -> PasswordForm:
    """The two fields of the posted form; missing ones count as empty."""
    form = await request.form(max_files=0, max_fields=20)
    return PasswordForm(_text(form.get("password")), _text(form.get("password_confirmation")))


def _text(value: object) -> str:
    return value[:LONGEST_FIELD] if isinstance(value, str) else ""
