"""One spelling for every e-mail address, so that equal addresses compare equal."""

import re

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
    normalized = f"{local}@{_ascii_domain(domain, text)}"
    if len(normalized) > LONGEST_ADDRESS:
        raise InvalidEmail("The e-mail address is too long.")
    return normalized


def _has_misplaced_dots(local: str) -> bool:
    return local.startswith(".") or local.endswith(".") or ".." in local


def _ascii_domain(domain: str, text: str) -> str:
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError as error:
        raise InvalidEmail(f"“{text.strip()[:80]}” has a domain that does not exist.") from error
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise InvalidEmail(f"“{text.strip()[:80]}” has a domain that does not exist.")
    return ascii_domain
