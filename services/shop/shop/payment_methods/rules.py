"""What must never get in: card and account numbers."""

import re

RUN_OF_DIGITS = re.compile(r"(?:\d[ -]?){11,18}\d")
ACCOUNT_NUMBER = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")


def looks_like_a_number(text: str) -> bool:
    """Whether `text` contains what could be a card number (12 to 19 digits) or an IBAN.

    Erring on the side of refusing: a token has no reason to look like one (PCI DSS, requirement 3).
    """
    return bool(RUN_OF_DIGITS.search(text)) or _contains_iban(text)


def contains_number(value: object) -> bool:
    """The same for a whole JSON value, keys included."""
    if isinstance(value, dict):
        return any(contains_number(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(contains_number(part) for part in value)
    return not isinstance(value, bool) and isinstance(value, str | int) and looks_like_a_number(str(value))


def _contains_iban(text: str) -> bool:
    return any(_has_check_digits(match.group().replace(" ", "")) for match in ACCOUNT_NUMBER.finditer(text.upper()))


def _has_check_digits(iban: str) -> bool:
    if not 15 <= len(iban) <= 34:
        return False
    digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    return int(digits) % 97 == 1
