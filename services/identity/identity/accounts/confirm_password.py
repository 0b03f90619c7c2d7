"""Ask somebody who is signed in for the password again, before something grave."""

from sqlalchemy import case, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.errors import Unavailable
from chassis.runtime import Runtime
from identity.accounts.errors import TooManyPasswordTries, WrongPassword
from identity.accounts.models import password_tries, passwords
from identity.accounts.passwords import PasswordHashing

MOST_TRIES = 10
WINDOW = text("interval '15 minutes'")
WINDOW_SECONDS = 900

REFUSALS = (WrongPassword, TooManyPasswordTries, Unavailable)
"""What a route may answer that asks for the password again."""


async def is_password_of(runtime: Runtime, *, account_id: str, password: str) -> bool:
    """Whether the person behind an open session knows the account's password.

    A try is counted before it is judged; after ten wrong ones it takes a quarter of an hour (real time) until the next
    one counts. Raises TooManyPasswordTries, TooManySignIns.
    """
    async with runtime.database.transaction(actor=f"user:{account_id}") as tx:
        stored = await tx.scalar(select(passwords.c.hash).where(passwords.c.account_id == account_id))
        if stored is not None and not await _counted(tx, account_id):
            raise TooManyPasswordTries(retry_after=WINDOW_SECONDS)
    hashing: PasswordHashing = runtime.edges.hashing
    is_right = await hashing.matches(stored, password)
    if is_right:
        async with runtime.database.transaction(actor=f"user:{account_id}") as tx:
            await tx.execute(delete(password_tries).where(password_tries.c.account_id == account_id))
    return is_right


async def _counted(tx: Transaction, account_id: str) -> bool:
    is_old = password_tries.c.last_at < func.now() - WINDOW
    statement = insert(password_tries).values(account_id=account_id, tries=1)
    row = await tx.first(
        statement.on_conflict_do_update(
            index_elements=[password_tries.c.account_id],
            set_={"tries": case((is_old, 1), else_=password_tries.c.tries + 1), "last_at": func.now()},
            where=or_(password_tries.c.tries < MOST_TRIES, is_old),
        ).returning(password_tries.c.tries)
    )
    return row is not None
