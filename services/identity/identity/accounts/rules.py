"""What a password must be. Pure."""

import unicodedata
from collections.abc import Sequence

SHORTEST_ALONE = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 1024
SHORTEST_CONTEXT_WORD = 4
FEWEST_DIFFERENT = 4
LONGEST_COMMON = 32


def password_refusal(
    password: str, *, has_second_factor: bool, context_words: Sequence[str], common: frozenset[str]
) -> str | None:
    """Why this password cannot be taken, as a code; None when it can.

    NIST SP 800-63B-4 section 3.1.1.2: 15 characters when it stands alone, 8 beside a second factor, any character,
    no composition rules, a list of common and context words. `password` is in Unicode NFC; one character is one
    code point. `context_words` are the address, the name, the brand.
    """
    shortest = SHORTEST_WITH_SECOND_FACTOR if has_second_factor else SHORTEST_ALONE
    if len(password) < shortest:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    folded = _folded(password)
    if len(set(folded)) < FEWEST_DIFFERENT or _is_repetition(folded) or _bare(folded) in common:
        return "too_common"
    if _is_made_of_common(folded, common):
        return "too_common"
    if _is_made_of_context(folded, context_words):
        return "too_close_to_you"
    return None


def words_around(*, email: str, name: str, brand_names: Sequence[str]) -> list[str]:
    """The words that somebody who knows the person and the product tries first."""
    local, _, domain = email.partition("@")
    words = [email, local, domain, domain.partition(".")[0], *name.split(), *brand_names]
    for text in (local, *brand_names):
        words += text.replace(".", " ").replace("-", " ").replace("_", " ").split()
    return [_folded(word) for word in words if len(word) >= SHORTEST_CONTEXT_WORD]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(folded: str) -> str:
    """Without the digits and signs that people put around a word to make it longer."""
    return folded.strip("0123456789!?.,;:-_*+#$%&@()=/ ")


def _is_repetition(folded: str) -> bool:
    """Whether the text is one short piece written again and again ("abcabcabcabc")."""
    longest = min(len(folded) // 2, SHORTEST_ALONE - 1)
    return any((folded[:size] * len(folded))[: len(folded)] == folded for size in range(1, longest + 1))


def _is_made_of_common(folded: str, common: frozenset[str]) -> bool:
    """Whether hardly anything is left once the common passwords in it are struck out ("password12345678")."""
    rest, start = "", 0
    while start < len(folded):
        sizes = range(min(len(folded) - start, LONGEST_COMMON), SHORTEST_WITH_SECOND_FACTOR - 1, -1)
        found = next((size for size in sizes if folded[start : start + size] in common), 0)
        rest += "" if found else folded[start]
        start += found or 1
    return rest != folded and len(_bare(rest)) < SHORTEST_CONTEXT_WORD


def _is_made_of_context(folded: str, context_words: Sequence[str]) -> bool:
    rest = folded
    for word in sorted(context_words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != folded and len(_bare(rest)) < SHORTEST_CONTEXT_WORD
