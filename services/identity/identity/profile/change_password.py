"""Change one's own password."""

from chassis.runtime import Runtime
from identity.accounts.confirm_password import is_password_of
from identity.accounts.errors import WrongPassword
from identity.accounts.queries import Account, lock_account
from identity.accounts.set_password import hash_new_password, replace_password
from identity.actionlinks.end_links import end_links_of
from identity.mfa.queries import has_second_factor
from identity.sessions.end import end_sessions_of


async def change_password(
    runtime: Runtime,
    *,
    account: Account,
    session_id: str | None,
    current_password: str,
    new_password: str,
    pointer: str = "/new_password",
) -> None:
    """Give the account another password; its other sessions end, the present one (`session_id`) stays.

    Hashing happens before the transaction begins. Raises WrongPassword, PasswordRefused, TooManySignIns.
    """
    if not await is_password_of(runtime, account_id=account.id, password=current_password):
        raise WrongPassword
    async with runtime.database.read() as reader:
        second_factor = await has_second_factor(reader, account.id)
    password_hash = await hash_new_password(
        runtime, password=new_password, account=account, has_second_factor=second_factor, pointer=pointer
    )
    async with runtime.database.transaction(actor=f"user:{account.id}") as tx:
        await lock_account(tx, account.id)
        await replace_password(tx, account=account, password_hash=password_hash)
        await end_links_of(tx, account.id)
        await end_sessions_of(tx, account.id, "password_changed", except_id=session_id)
