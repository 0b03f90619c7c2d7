"""The sandbox's tokens: each stands for a card or account that behaves in one known way."""

import re
from dataclasses import dataclass

CARD = "card"
SEPA = "sepa_debit"


@dataclass(frozen=True, slots=True)
class TestMethod:
    """A card or account of the sandbox."""

    __test__ = False

    kind: str
    brand: str
    last4: str


TOKENS: dict[str, TestMethod] = {
    "tok_visa": TestMethod(CARD, "visa", "4242"),
    "tok_mastercard": TestMethod(CARD, "mastercard", "4444"),
    "tok_amex": TestMethod(CARD, "amex", "8431"),
    "tok_declined": TestMethod(CARD, "visa", "0002"),
    "tok_insufficient_funds": TestMethod(CARD, "visa", "9995"),
    "tok_expired": TestMethod(CARD, "visa", "0069"),
    "tok_action_required": TestMethod(CARD, "visa", "3155"),
    "tok_lost_answer": TestMethod(CARD, "visa", "7777"),
    "tok_sepa": TestMethod(SEPA, "sepa", "3000"),
    "tok_sepa_declined": TestMethod(SEPA, "sepa", "0002"),
    "tok_sepa_slow": TestMethod(SEPA, "sepa", "3003"),
    "tok_sepa_returned": TestMethod(SEPA, "sepa", "3004"),
}

# The last four digits decide, so methods imported from an old shop behave too.
DECLINES = {"0002": "card_declined", "9995": "insufficient_funds", "0069": "expired_card"}
NEEDS_ACTION = "3155"
SETTLES_LATER: dict[str, str | None] = {"3003": None, "3004": "debit_declined"}
LOSES_ANSWERS = "7777"

FORM = re.compile(r"[A-Za-z]{2,12}_[A-Za-z0-9_-]{1,80}")


def read_token(token: str, kind: str | None) -> TestMethod | None:
    """The method behind a token. Besides the named ones, any `word_…` works: four last digits choose the card
    (`tok_card_0002` is declined), `sepa` or `iban` in it makes an account. None for what is not a token.
    """
    known = TOKENS.get(token)
    if known is None:
        if not FORM.fullmatch(token):
            return None
        is_account = kind == SEPA or (kind is None and bool(re.search("sepa|iban", token.lower())))
        digits = re.search(r"(\d{4})$", token)
        last4 = digits.group(1) if digits else ("3000" if is_account else "4242")
        return TestMethod(SEPA if is_account else CARD, "sepa" if is_account else "visa", last4)
    if kind is not None and kind != known.kind:
        return None
    return known
