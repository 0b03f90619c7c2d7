"""Which subscriptions would move, and why the others stay: the reasons in the rule book's order."""

from datetime import date

from shop.transfers.rules import values
from shop.transfers.rules.rows import Subscription

STATUSES = ("active", "on_hold", "pending_cancel", "cancelled", "expired")


def reason_to_stay(subscription: Subscription, *, exported_on: date, transfer_on: date) -> str | None:
    """The first reason that holds, or None: then the subscription would move.

    A status or a date that cannot be read is no reason to stay: it blocks, so that nobody is left out
    without a word.
    """
    if values.flag(subscription.auto_renew) is False:
        return "not_auto_renewing"
    match subscription.status:
        case "on_hold":
            return "on_hold"
        case "pending_cancel":
            return "cancel_scheduled"
        case "cancelled":
            return "terminated"
        case "expired":
            return "expired"
        case "active":
            return _term_is_over(subscription, exported_on=exported_on, transfer_on=transfer_on)
    return None


def _term_is_over(subscription: Subscription, *, exported_on: date, transfer_on: date) -> str | None:
    term_end = values.day(subscription.term_end)
    if term_end is None:
        return None
    if term_end < exported_on:
        return "expired"
    return "renews_before_transfer" if term_end < transfer_on else None
