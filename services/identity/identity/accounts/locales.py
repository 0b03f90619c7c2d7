"""The languages that people can choose."""

from chassis.pages.locales import DEFAULT_LOCALE, best_of, known


def known_locale(text: str | None) -> str:
    """The supported language nearest to a tag such as `de-CH`; English when there is none."""
    return known(text) or DEFAULT_LOCALE


def preferred_locale(accept_language: str | None, fallback: str) -> str:
    """The best supported language of `Accept-Language`, else `fallback` (the account's own)."""
    return best_of(accept_language or "") or fallback
