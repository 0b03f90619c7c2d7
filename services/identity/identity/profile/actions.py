"""What the forms of the account page do."""

from collections.abc import Awaitable, Callable

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from chassis.kernel.emails import InvalidEmail
from chassis.kernel.errors import NotFound
from chassis.pages.locales import COOKIE
from identity.accounts.change_profile import change_profile
from identity.accounts.confirm_password import is_password_of
from identity.accounts.errors import PasswordRefused, WrongPassword
from identity.addresses.request import request
from identity.grants.withdraw import withdraw
from identity.mfa.enroll import begin, confirm, renew_recovery_codes
from identity.mfa.errors import NoSecondFactor, SecondFactorExists, WrongCode
from identity.mfa.queries import has_second_factor
from identity.mfa.remove import remove
from identity.profile.change_password import change_password
from identity.profile.desk import Desk, text_of
from identity.profile.schemas import ChangeMe
from identity.profile.views import (
    show_email,
    show_enrollment,
    show_overview,
    show_password,
    show_recovery_codes,
    show_second_factor,
)
from identity.sessions.end import end_session, end_sessions_of
from identity.sessions.queries import find_session

Action = Callable[[Desk, FormData], Awaitable[Response]]


async def save_profile(desk: Desk, form: FormData) -> Response:
    """Change name and language."""
    fields = {"name": text_of(form, "name", 400), "locale": text_of(form, "locale", 10)}
    try:
        wanted = ChangeMe.model_validate(fields)
    except ValidationError as error:
        wrong = {str(issue["loc"][0]): desk.site.t(f"account.wrong_{issue['loc'][0]}") for issue in error.errors()}
        return await show_overview(desk, errors=wrong, fields=fields)
    async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
        await change_profile(tx, account_id=desk.account.id, name=wanted.name, locale=wanted.locale)
    response = desk.back("account.profile_saved")
    response.set_cookie(COOKIE, wanted.locale, max_age=365 * 86400, samesite="lax", secure=desk.site.https)
    return response


async def change_email(desk: Desk, form: FormData) -> Response:
    """Have a link mailed to another address."""
    new_email = text_of(form, "new_email", 320)
    try:
        await request(
            desk.runtime,
            account=desk.account,
            current_password=text_of(form, "current_password"),
            new_email=new_email,
        )
    except WrongPassword:
        return await show_email(desk, errors=_wrong_password(desk), new_email=new_email)
    except InvalidEmail:
        return await show_email(desk, errors={"new_email": desk.site.t("address.invalid")}, new_email=new_email)
    return desk.back("address.sent")


async def save_password(desk: Desk, form: FormData) -> Response:
    """Change the password; every other session ends."""
    password = text_of(form, "password")
    try:
        if password != text_of(form, "password_confirmation"):
            raise PasswordRefused("not_confirmed", "/password_confirmation")
        await change_password(
            desk.runtime,
            account=desk.account,
            session_id=desk.session.id,
            current_password=text_of(form, "current_password"),
            new_password=password,
            pointer="/password",
        )
    except WrongPassword:
        return await show_password(desk, errors=_wrong_password(desk))
    except PasswordRefused as refusal:
        field = refusal.errors[0].pointer.lstrip("/")
        return await show_password(desk, errors={field: desk.site.t(f"password.{refusal.reason}")})
    return desk.back("account.password_saved")


async def leave_session(desk: Desk, form: FormData) -> Response:
    """Sign out in another browser."""
    async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
        session = await find_session(tx, text_of(form, "session_id", 100))
        if session is not None and session.account_id == desk.account.id:
            await end_session(tx, session.id, "ended_by_owner")
    return desk.back("account.session_ended")


async def leave_other_sessions(desk: Desk, form: FormData) -> Response:
    """Sign out everywhere but here."""
    async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
        await end_sessions_of(tx, desk.account.id, "ended_by_owner", except_id=desk.session.id)
    return desk.back("account.sessions_ended")


async def withdraw_consent(desk: Desk, form: FormData) -> Response:
    """Let an application not act for oneself any more."""
    async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
        await withdraw(tx, account_id=desk.account.id, client_id=text_of(form, "client_id", 200))
    return desk.back("account.consent_withdrawn")


async def begin_second_factor(desk: Desk, form: FormData) -> Response:
    """Show the secret for an authenticator application."""
    if not await _knows_password(desk, form):
        return await show_second_factor(desk, errors=_wrong_password(desk))
    try:
        async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
            await begin(
                tx,
                desk.runtime.edges.vault,
                account_id=desk.account.id,
                email=desk.account.email,
                issuer=desk.runtime.edges.brand.name,
            )
    except SecondFactorExists:
        return await show_second_factor(desk)
    return await show_enrollment(desk)


async def confirm_second_factor(desk: Desk, form: FormData) -> Response:
    """Take the first code, and show the recovery codes."""
    try:
        async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
            codes = await confirm(
                tx,
                desk.runtime.edges.vault,
                account_id=desk.account.id,
                code=text_of(form, "code", 40),
            )
    except WrongCode:
        return await show_enrollment(desk, errors={"code": desk.site.t("account.wrong_code")})
    except NoSecondFactor:
        return await show_second_factor(desk)
    return show_recovery_codes(desk, codes)


async def renew_codes(desk: Desk, form: FormData) -> Response:
    """Show ten new recovery codes."""
    if not await _knows_password(desk, form):
        return await show_second_factor(desk, errors=_wrong_password(desk))
    async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
        enabled = await has_second_factor(tx, desk.account.id)
        codes = await renew_recovery_codes(tx, account_id=desk.account.id) if enabled else []
    return show_recovery_codes(desk, codes) if codes else await show_second_factor(desk)


async def remove_second_factor(desk: Desk, form: FormData) -> Response:
    """Do without a second factor again."""
    if not await _knows_password(desk, form):
        return await show_second_factor(desk, errors=_wrong_password(desk))
    try:
        async with desk.runtime.database.transaction(actor=f"user:{desk.account.id}") as tx:
            await remove(tx, account_id=desk.account.id)
    except NoSecondFactor:
        return await show_second_factor(desk)
    return desk.back("account.second_factor_removed")


ACTIONS: dict[str, Action] = {
    "profile": save_profile,
    "email": change_email,
    "password": save_password,
    "end_session": leave_session,
    "end_other_sessions": leave_other_sessions,
    "withdraw_consent": withdraw_consent,
    "begin_second_factor": begin_second_factor,
    "confirm_second_factor": confirm_second_factor,
    "renew_recovery_codes": renew_codes,
    "remove_second_factor": remove_second_factor,
}


async def act(desk: Desk, form: FormData) -> Response:
    """Do what the pressed button says. Raises NotFound for one that is not on the page."""
    action = ACTIONS.get(text_of(form, "action", 40))
    if action is None:
        raise NotFound
    return await action(desk, form)


async def _knows_password(desk: Desk, form: FormData) -> bool:
    return await is_password_of(desk.runtime, account_id=desk.account.id, password=text_of(form, "current_password"))


def _wrong_password(desk: Desk) -> dict[str, str]:
    return {"current_password": desk.site.t("account.wrong_password")}
