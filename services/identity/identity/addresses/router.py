"""One's own e-mail address."""

from fastapi import APIRouter

from chassis.http.dependencies import Run
from chassis.http.problems import problems
from chassis.kernel.emails import InvalidEmail
from chassis.kernel.errors import FieldError, Invalid
from identity.accounts.confirm_password import REFUSALS
from identity.accounts.errors import AccountNotFound
from identity.accounts.person import OnlyPeople, Person
from identity.accounts.queries import find_account
from identity.addresses.request import request
from identity.addresses.schemas import ChangeEmail, EmailChange

router = APIRouter(prefix="/me/email", tags=["Me"])


@router.post(
    "",
    status_code=202,
    responses=problems(OnlyPeople, AccountNotFound, Invalid, *REFUSALS),
)
async def change_my_email(body: ChangeEmail, runtime: Run, principal: Person) -> EmailChange:
    """Ask for another e-mail address: it changes once the link mailed to the new one is used; the old one is told."""
    async with runtime.database.read() as reader:
        account = await find_account(reader, account_id=principal.subject)
    if account is None:
        raise AccountNotFound
    try:
        await request(runtime, account=account, current_password=body.current_password, new_email=body.new_email)
    except InvalidEmail as error:
        raise Invalid(errors=[FieldError("/new_email", "invalid_email", str(error))]) from error
    return EmailChange(status="accepted")
