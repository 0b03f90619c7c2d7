"""A link for the mail that is about to be sent."""

from chassis.db.transaction import Transaction
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.queries import Account, as_stored, find_account, find_account_wanting
from identity.actionlinks.errors import NothingPending
from identity.actionlinks.issue import issue
from identity.actionlinks.rules import Purpose, url_of
from identity.actionlinks.schemas import ActionLink, RequestActionLink


async def request(tx: Transaction, *, public_url: str, wanted: RequestActionLink) -> ActionLink:
    """Mint the link that fits the account: to activate it while it waits, to recover it once it is active.

    Makes the account when the mail overtook the event that would have made it. Raises InvalidEmail.
    """
    if wanted.purpose == "email":
        return await _link_to_new_address(tx, public_url, wanted.email)
    account = await find_account(tx, email=wanted.email)
    if account is None:
        account, _ = await ensure_invited(
            tx,
            email=wanted.email,
            reason="assignment",
            name=wanted.name or "",
            locale=wanted.locale or "en",
            organization_id=wanted.organization_id,
        )
    purpose = _fitting_purpose(account, wanted)
    url = None
    if purpose:
        supersede = wanted.supersede or purpose == "recovery"
        token = await issue(tx, account_id=account.id, purpose=purpose, supersede=supersede)
        url = url_of(public_url, purpose, token)
    return ActionLink(account_id=account.id, status=account.status, url=url, locale=account.locale, name=account.name)


async def _link_to_new_address(tx: Transaction, public_url: str, email: str) -> ActionLink:
    account = await find_account_wanting(tx, email)
    if account is None:
        raise NothingPending
    token = await issue(tx, account_id=account.id, purpose="email", supersede=True, new_email=as_stored(email))
    return ActionLink(
        account_id=account.id,
        status=account.status,
        url=url_of(public_url, "email", token),
        locale=account.locale,
        name=account.name,
    )


def _fitting_purpose(account: Account, wanted: RequestActionLink) -> Purpose | None:
    if account.status == "invited":
        return "activation"
    if account.status == "active" and wanted.purpose == "recovery":
        return "recovery"
    return None
