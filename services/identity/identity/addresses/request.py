"""Ask for another e-mail address."""

from chassis.runtime import Runtime
from identity.accounts.confirm_password import is_password_of
from identity.accounts.errors import WrongPassword
from identity.accounts.queries import Account
from identity.accounts.request_email_change import request_email_change


async def request(runtime: Runtime, *, account: Account, current_password: str, new_email: str) -> None:
    """Have the link mailed to the new address. Raises WrongPassword, InvalidEmail, TooManySignIns."""
    if not await is_password_of(runtime, account_id=account.id, password=current_password):
        raise WrongPassword
    async with runtime.database.transaction(actor=f"user:{account.id}") as tx:
        await request_email_change(tx, account=account, new_email=new_email)
