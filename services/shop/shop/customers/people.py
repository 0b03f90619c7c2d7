"""Know the people of organizations, as identity tells of them."""

from collections.abc import Sequence

from chassis.db.transaction import Transaction
from shop.customers import store
from shop.customers.names import split_name
from shop.customers.news import BuyerNamed, MemberNews


async def know_all(tx: Transaction, news: Sequence[MemberNews]) -> None:
    """Keep members, four statements for any number of them; news older than what is known changes nothing.

    The first owner becomes the customer's buyer, who is written to; a buyer's new address is followed.
    """
    known = await store.lock_members(tx, {each.member_id for each in news})
    latest: dict[str, MemberNews] = {}
    owners: list[tuple[MemberNews, str | None]] = []
    for each in news:
        before = latest.get(each.member_id) or known.get(each.member_id)
        if before is not None and before.sequence >= each.sequence:
            continue
        latest[each.member_id] = each
        if each.is_of_owner:
            owners.append((each, before.email if before else None))
    await store.save_members(tx, list(latest.values()))
    await _follow_buyers(tx, owners)


async def _follow_buyers(tx: Transaction, owners: Sequence[tuple[MemberNews, str | None]]) -> None:
    """Each owner comes with the address known before."""
    if not owners:
        return
    buyers = await store.lock_buyers(tx, {news.organization_id for news, _ in owners})
    changed: dict[str, BuyerNamed] = {}
    for news, previous_email in owners:
        buyer = changed.get(news.organization_id) or buyers.get(news.organization_id)
        if buyer is not None and _is_told_of(buyer, news, previous_email):
            changed[news.organization_id] = BuyerNamed(news.email, *split_name(news.name))
    await store.change_buyers(tx, changed)


def _is_told_of(buyer: BuyerNamed, news: MemberNews, previous_email: str | None) -> bool:
    """Whether the owner is the customer's buyer, and the customer does not have their address or name yet."""
    is_buyer = buyer.email is None or previous_email == buyer.email
    return is_buyer and (buyer.email != news.email or not (buyer.first_name or buyer.last_name))
