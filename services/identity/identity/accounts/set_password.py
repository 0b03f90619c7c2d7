"""Give an account a password: check it against the rules, hash it, store it."""

from functools import cache
from importlib.resources import files

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.runtime import Runtime
from identity.accounts.errors import PasswordRefused
from identity.accounts.events import PasswordChanged
from identity.accounts.models import accounts, passwords
from identity.accounts.passwords import PasswordHashing, normal_form
from identity.accounts.queries import Account
from identity.accounts.rules import password_refusal, words_around
from identity.audit.record import record


async def hash_new_password(
    runtime: Runtime, *, password: str, account: Account, has_second_factor: bool, pointer: str = "/new_password"
) -> str:
    """The hash of a password that the rules allow for this account; done before any row is locked.

    Raises PasswordRefused with the rule that is broken.
    """
    brand = runtime.edges.brand
    words = words_around(
        email=account.email,
        name=account.name,
        brand_names=[brand.name, brand.portal_name, brand.shop_name],
    )
    refusal = password_refusal(
        normal_form(password),
        has_second_factor=has_second_factor,
        context_words=words,
        common=common_passwords(),
    )
    if refusal:
        raise PasswordRefused(refusal, pointer)
    hashing: PasswordHashing = runtime.edges.hashing
    return await hashing.hash(password)


async def store_password(tx: Transaction, *, account_id: str, password_hash: str) -> None:
    """Make this the account's password."""
    statement = insert(passwords).values(account_id=account_id, hash=password_hash)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[passwords.c.account_id],
            set_={"hash": statement.excluded.hash, "changed_at": func.now()},
        )
    )


async def replace_password(tx: Transaction, *, account: Account, password_hash: str) -> None:
    """Change the password of an active account: tell its owner, and refuse every token issued until now.

    Ending the sessions is the caller's part, because it knows which one may stay.
    """
    await store_password(tx, account_id=account.id, password_hash=password_hash)
    await refuse_tokens_until_now(tx, account.id)
    await record(tx, "account.password_changed", account.id)
    tx.emit(PasswordChanged(account_id=account.id, email=account.email, locale=account.locale))


async def refuse_tokens_until_now(tx: Transaction, account_id: str) -> None:
    """Take back the tokens of an account that were issued before this second (tokens count whole seconds)."""
    await tx.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(tokens_not_before=func.date_trunc("second", func.now()))
    )


@cache
def common_passwords() -> frozenset[str]:
    """The passwords of eight characters and more that leaked most often, in lower case."""
    text = files("identity.accounts").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
