"""Which language a visitor reads: what they chose, else what their browser asks for, else English."""

from babel import Locale
from starlette.requests import Request

LOCALES = ("en", "fr", "de", "it")
DEFAULT_LOCALE = "en"
COOKIE = "lang"
PARAMETER = "lang"

# Formats of the countries the customers live in: English readers get 25 Nov 2026, not Nov 25, 2026.
_FORMATS = {
    "en": Locale("en", "GB"),
    "fr": Locale("fr", "FR"),
    "de": Locale("de", "DE"),
    "it": Locale("it", "IT"),
}


def formats_of(locale: str) -> Locale:
    """The babel locale that writes days, amounts and numbers for `locale`."""
    return _FORMATS[locale]


def known(text: str | None) -> str | None:
    """The supported locale `text` means ("de-AT" means "de"), or None."""
    language = (text or "").strip().replace("_", "-").split("-")[0].lower()
    return language if language in LOCALES else None


def chosen_now(request: Request) -> str | None:
    """The locale asked for by `?lang=` in this very request: to be remembered."""
    return known(request.query_params.get(PARAMETER))


def locale_of(request: Request) -> str:
    """`?lang=`, then the cookie, then the best of Accept-Language, then English."""
    return (
        chosen_now(request)
        or known(request.cookies.get(COOKIE))
        or best_of(request.headers.get("accept-language", ""))
        or DEFAULT_LOCALE
    )


def best_of(accept_language: str) -> str | None:
    """The supported locale with the highest quality in an Accept-Language header (RFC 9110 §12.5.4)."""
    wishes = [_wish(part, place) for place, part in enumerate(accept_language.split(","))]
    supported = [wish for wish in wishes if wish[2] and wish[0] < 0]
    return min(supported)[2] if supported else None


def _wish(part: str, place: int) -> tuple[float, int, str]:
    tag, _, parameters = part.partition(";")
    quality = parameters.strip().removeprefix("q=") or "1"
    try:
        return -float(quality), place, known(tag) or ""
    except ValueError:
        return 0.0, place, ""
