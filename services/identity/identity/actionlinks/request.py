"""The links for the mails that are about to be sent."""

from collections.abc import Mapping, Sequence

from chassis.db.transaction import Transaction
from identity.accounts.ensure_invited import Invitee, ensure_all
from identity.accounts.queries import Account, accounts_by_email, as_stored, find_account_wanting
from identity.actionlinks.issue import Wish, issue_all
from identity.actionlinks.rules import Purpose, url_of
from identity.actionlinks.schemas import ActionLink, Answer, RequestActionLink


async def request(tx: Transaction, *, public_url: str, wanted: Sequence[RequestActionLink]) -> list[Answer]:
    """Mint the link that fits each account: to activate it while it waits, to recover it once it is active.

    Makes an account when the mail overtook the event that would have made it. Answers in the order of `wanted`.
    """
    known = await _accounts_of(tx, [one for one in wanted if one.purpose != "email"])
    fitting = [await _fitting(tx, known, one) for one in wanted]
    tokens = iter(await issue_all(tx, [wish for _, wish in fitting if wish is not None]))
    return [
        _answer(one, account, url_of(public_url, wish.purpose, next(tokens)) if wish else None)
        for one, (account, wish) in zip(wanted, fitting, strict=True)
    ]


async def _accounts_of(tx: Transaction, wanted: Sequence[RequestActionLink]) -> Mapping[str, Account]:
    by_address = {address: one for one in reversed(wanted) if (address := as_stored(one.email))}
    known = await accounts_by_email(tx, list(by_address))
    invitees = [
        Invitee(
            email=address,
            reason="assignment",
            name=one.name or "",
            locale=one.locale or "en",
            organization_id=one.organization_id,
        )
        for address, one in by_address.items()
        if address not in known
    ]
    for ensured in await ensure_all(tx, invitees):
        known[ensured.account.email] = ensured.account
        if ensured.news is not None:
            tx.emit(ensured.news)
    return known


async def _fitting(
    tx: Transaction, known: Mapping[str, Account], wanted: RequestActionLink
) -> tuple[Account | None, Wish | None]:
    """Whose link it is, and which one; no link when the account's state leaves nothing to do."""
    if wanted.purpose == "email":
        account = await find_account_wanting(tx, wanted.email)
        return account, account and Wish(account.id, "email", supersede=True, new_email=as_stored(wanted.email))
    account = known.get(as_stored(wanted.email))
    purpose = _fitting_purpose(account, wanted) if account else None
    if account is None or purpose is None:
        return account, None
    return account, Wish(account.id, purpose, supersede=wanted.supersede or purpose == "recovery")


def _fitting_purpose(account: Account, wanted: RequestActionLink) -> Purpose | None:
    if account.status == "invited":
        return "activation"
    if account.status == "active" and wanted.purpose == "recovery":
        return "recovery"
    return None


def _answer(wanted: RequestActionLink, account: Account | None, url: str | None) -> Answer:
    if account is None:
        return Answer(code="nothing_pending" if as_stored(wanted.email) else "invalid_email")
    link = ActionLink(account_id=account.id, status=account.status, url=url, locale=account.locale, name=account.name)
    return Answer(link=link)
