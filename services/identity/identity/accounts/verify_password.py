"""Check an e-mail address and a password: the first step of every sign-in."""

from sqlalchemy import select, update

from chassis.kernel.emails import InvalidEmail, normalize_email
from chassis.runtime import Runtime
from identity.accounts.models import accounts, passwords
from identity.accounts.passwords import PasswordHashing
from identity.accounts.queries import Account, account_columns


async def verify_password(runtime: Runtime, *, email: str, password: str) -> Account | None:
    """The active account that this address and password open, or None.

    An unknown address, a wrong password and a closed account take the same time and give the same answer.
    Raises TooManySignIns when the queue before the hashing threads is full. A hash made with older figures is
    renewed on the way.
    """
    hashing: PasswordHashing = runtime.edges.hashing
    found = await _account_and_hash(runtime, email)
    if found is None:
        await hashing.matches(None, password)
        return None
    account, stored = found
    if not await hashing.matches(stored, password) or not account.is_active:
        return None
    if hashing.is_outdated(stored):
        await _renew_hash(runtime, account.id, stored, await hashing.hash(password))
    return account


async def _account_and_hash(runtime: Runtime, email: str) -> tuple[Account, str] | None:
    try:
        address = normalize_email(email)
    except InvalidEmail:
        return None
    statement = (
        select(*account_columns, passwords.c.hash)
        .join(passwords, passwords.c.account_id == accounts.c.id)
        .where(accounts.c.email == address)
    )
    async with runtime.database.read() as reader:
        row = await reader.first(statement)
    return (Account.of(row), row.hash) if row else None


async def _renew_hash(runtime: Runtime, account_id: str, old: str, new: str) -> None:
    async with runtime.database.transaction(actor=account_id) as tx:
        await tx.execute(
            update(passwords).where(passwords.c.account_id == account_id, passwords.c.hash == old).values(hash=new)
        )
