"""Every code the transfer speaks, in the order of the rule book, with a plain sentence and who must act."""

from dataclasses import dataclass
from enum import StrEnum

MOVES = "moves"
BLOCKED = "blocked"
NOTHING_TO_MOVE = "nothing_to_move"
IN_WINDOW = "renewal_in_safety_window"
RENEWED = "renews_before_transfer"


class Level(StrEnum):
    """How much a finding matters: a blocker stops the customer, a warning does not."""

    BLOCKER = "blocker"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its level (None for a reason to stay), its sentence, and who can mend it."""

    level: Level | None
    sentence: str
    who_acts: str


STAYS: dict[str, str] = {
    "not_auto_renewing": "It does not renew automatically.",
    "on_hold": "It is on hold in the old shop.",
    "cancel_scheduled": "It was cancelled and runs to the end of its term in the old shop.",
    "terminated": "It was terminated.",
    "expired": "Its term is over.",
    RENEWED: "It renews in the old shop before the transfer; a newer export must say how.",
    "one_off": "One-off purchases stay; they can be used until they expire or are used up.",
    "order_of_nothing_moved": "No subscription of this order moves.",
    "invalid_order": "An amount or the time of the order cannot be read.",
    "method_unused": "It pays no subscription that moves.",
    "nothing_to_move": "The customer has no active auto-renewing subscription.",
    "blocked": "It would move, but something must be mended first.",
    "orphan_subscription": "Its customer is not in the export.",
}


def _blocker(sentence: str, who_acts: str) -> Code:
    return Code(Level.BLOCKER, sentence, who_acts)


def _warning(sentence: str, who_acts: str = "nobody") -> Code:
    return Code(Level.WARNING, sentence, who_acts)


BLOCKERS: dict[str, Code] = {
    "missing_email": _blocker("The customer has no e-mail address.", "customer"),
    "invalid_email": _blocker("This is not one valid e-mail address.", "customer"),
    "duplicate_email": _blocker("Another customer has the same e-mail address.", "operator"),
    "missing_country": _blocker("The customer has no country.", "operator"),
    "unknown_region": _blocker("No price region serves this country.", "operator"),
    "unmapped_product": _blocker(
        "The product is not in the catalogue, or has no price for this region and interval.", "operator"
    ),
    "currency_mismatch": _blocker("The currency is not the one of the customer's region.", "operator"),
    "invalid_quantity": _blocker("The quantity must be a whole number from 1 on.", "legacy_shop"),
    "invalid_price": _blocker("The price must be a whole number of minor units from 0 on.", "legacy_shop"),
    "invalid_term": _blocker("The dates of the term do not fit together or cannot be read.", "legacy_shop"),
    "invalid_status": _blocker("The status is not one the transfer knows.", "legacy_shop"),
    "invalid_interval": _blocker("The interval must be month or year.", "legacy_shop"),
    "method_missing": _blocker("No usable payment method pays this subscription.", "customer"),
    "mandate_incomplete": _blocker("The SEPA mandate lacks its reference or the date it was signed.", "customer"),
    "duplicate_id": _blocker("The same key occurs twice in this file, with different content.", "legacy_shop"),
    "account_exists": _blocker("Another organization's account has this e-mail address.", "operator"),
    IN_WINDOW: _blocker(
        "A subscription renews within the wave's safety window: the customer moves after the renewal with a newer"
        " export, or in a wave without window.",
        "operator",
    ),
}

WARNINGS: dict[str, Code] = {
    "invalid_vat_id": _warning("The VAT ID does not have its country's form; taxed as if absent.", "customer"),
    "card_expires_before_renewal": _warning("The card expires before the next renewal.", "customer"),
    "renewal_within_3_days": _warning("The subscription renews within three days of the transfer."),
    "price_differs_from_catalogue": _warning("The price differs from the catalogue; it is kept."),
    "unknown_language": _warning("The language is not known; the region's default is used."),
    "unknown_time_zone": _warning("The time zone is not known; the region's default is used."),
    "orphan_order": _warning("The export has no such customer.", "legacy_shop"),
    "orphan_subscription": _warning("The export has no such customer.", "legacy_shop"),
    "orphan_payment_method": _warning("The export has no such customer.", "legacy_shop"),
    "orphan_one_off_license": _warning("The export has no such customer.", "legacy_shop"),
    "orphan_order_line": _warning("The export has no such order, subscription or license.", "legacy_shop"),
    "duplicate_row": _warning("The same row occurs twice; it was read once."),
    "price_rounded": _warning("The price per seat was rounded to the minor unit."),
    "charges_not_carried": _warning("Shipping and fees of the subscription do not move."),
    "fixed_end": _warning("The subscription has a fixed end in the old shop, which does not move."),
    "unreadable_row": _warning("The row cannot be read and was left out.", "legacy_shop"),
    "unreadable_text": _warning("The text is not UTF-8; unreadable letters were replaced.", "legacy_shop"),
    "missing_id": _warning("The row has no key and was left out.", "legacy_shop"),
    "invalid_order": _warning("An amount or the time of the order cannot be read.", "legacy_shop"),
}

FINDING_CODES: dict[str, Code] = {**BLOCKERS, **WARNINGS}
_RANK = {code: rank for rank, code in enumerate(FINDING_CODES)}


def in_order(codes: set[str] | frozenset[str]) -> tuple[str, ...]:
    """The codes in the order of the rule book."""
    return tuple(sorted(codes, key=lambda code: _RANK[code]))


def level_of(code: str) -> Level:
    """Whether a finding of this code blocks or only warns."""
    level = FINDING_CODES[code].level
    assert level is not None
    return level


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was noticed: where (`line` is where the record begins), what, and about whom."""

    file: str
    line: int
    column: str
    code: str
    key: str
    customer: str
    value: str = ""

    @property
    def sentence(self) -> str:
        """What is the matter, for people."""
        sentence = FINDING_CODES[self.code].sentence
        return f"{sentence} It says “{self.value[:80]}”." if self.value else sentence
