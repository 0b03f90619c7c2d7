"""Ask for the mail that lets a person in: the activation link, a link to a new password, or word of an organization."""

from typing import Literal

from sqlalchemy import func, insert, select, text

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.accounts.errors import AccountNotWaiting
from identity.accounts.events import AccountJoined, ActivationRequested, RecoveryRequested
from identity.accounts.models import mail_requests
from identity.accounts.queries import Account
from identity.audit.record import record

MOST_REQUESTS = 5
WINDOW = text("interval '15 minutes'")

Reason = Literal["recovery", "member", "operator", "registration"]


async def request_mail(tx: Transaction, account: Account, *, reason: Reason) -> bool:
    """Have the fitting link mailed: activation while the account waits, recovery once it is active.

    Nobody can fill a stranger's mailbox: after five requests in a quarter of an hour (real time) more are dropped
    without a word. Says whether a mail goes out.
    """
    if account.status == "disabled" or not await is_within_limit(tx, account.id):
        return False
    if account.status == "invited":
        tx.emit(ActivationRequested(account_id=account.id, email=account.email, locale=account.locale, reason=reason))
    else:
        tx.emit(RecoveryRequested(account_id=account.id, email=account.email, locale=account.locale))
    return True


async def tell_of_joining(tx: Transaction, account: Account, *, organization_id: str, organization_name: str) -> None:
    """Have an account's owner told that they belong to an organization; the same limit holds."""
    if not await is_within_limit(tx, account.id):
        return
    tx.emit(
        AccountJoined(
            account_id=account.id,
            email=account.email,
            locale=account.locale,
            name=account.name,
            organization_id=organization_id,
            organization_name=organization_name,
        )
    )


async def send_activation_again(tx: Transaction, account: Account) -> None:
    """Have the activation link mailed once more because an operator wants it. Raises AccountNotWaiting."""
    if account.status != "invited":
        raise AccountNotWaiting
    await record(tx, "account.activation_resent", account.id)
    tx.emit(ActivationRequested(account_id=account.id, email=account.email, locale=account.locale, reason="operator"))


async def is_within_limit(tx: Transaction, account_id: str) -> bool:
    """Whether one more mail may be asked for on this account's behalf; it is counted."""
    recent = await tx.scalar(
        select(func.count())
        .select_from(mail_requests)
        .where(mail_requests.c.account_id == account_id, mail_requests.c.requested_at > func.now() - WINDOW)
    )
    if recent >= MOST_REQUESTS:
        return False
    await tx.execute(insert(mail_requests).values(id=new_id("mrq"), account_id=account_id))
    return True
