"""One spelling for every e-mail address, so that equal addresses compare equal."""

import re
from functools import lru_cache

LOCAL_PART = re.compile(r"[^\s@\"(),:;<>\[\]\\\x00-\x1f\x7f]{1,64}")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_ADDRESS = 254


class InvalidEmail(ValueError):
    """The text is not one e-mail address."""


def normalize_email(text: str) -> str:
    """Trim, lower-case, and write the domain in its IDNA form. Raises InvalidEmail."""
    address = text.strip().lower()
    local, at, domain = address.rpartition("@")
    if not at or not LOCAL_PART.fullmatch(local) or _has_misplaced_dots(local):
        raise InvalidEmail(f"“{text.strip()[:80]}” is not an e-mail address.")
    host = _ascii_domain(domain)
    if host is None:
        raise InvalidEmail(f"“{text.strip()[:80]}” has a domain that does not exist.")
    normalized = f"{local}@{host}"
    if len(normalized) > LONGEST_ADDRESS:
        raise InvalidEmail("The e-mail address is too long.")
    return normalized


def _has_misplaced_dots(local: str) -> bool:
    return local.startswith(".") or local.endswith(".") or ".." in local


@lru_cache(maxsize=8192)
def _ascii_domain(domain: str) -> str | None:
    """The domain in ASCII; None when there can be none of this name. Colleagues share one, so it is worked out once."""
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return None
    return ascii_domain
