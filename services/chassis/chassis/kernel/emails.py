"""One spelling for every e-mail address, so that equal addresses compare equal."""

import re
import unicodedata
from functools import lru_cache

LOCAL_PART = re.compile(r"[^\s@\"(),:;<>\[\]\\\x00-\x1f\x7f]{1,64}")
DOTS = re.compile(r"[.\u3002\uff0e\uff61]")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
KEPT_BY_IDNA = re.compile("[ßς]")
"""Letters that today's IDNA keeps, and Python's older codec writes in another way: `faß.de` is not `fass.de`."""
LONGEST_ADDRESS = 254


class InvalidEmail(ValueError):
    """The text is not one e-mail address."""


def normalize_email(text: str) -> str:
    """Trim, lower-case, compose accents (NFC), and write the domain in its IDNA form. Raises InvalidEmail."""
    address = _plain(text)
    if len(address) > LONGEST_ADDRESS:
        raise InvalidEmail("The e-mail address is too long.")
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


def email_as_asked(text: str) -> str:
    """The address in the spelling that is stored; what is no address is asked for as it stands, and not found."""
    try:
        return normalize_email(text)
    except InvalidEmail:
        return _plain(text)


def readable_email(address: str) -> str:
    """A stored address for people to read: its domain in letters wherever those spell the same domain."""
    local, at, domain = address.rpartition("@")
    try:
        shown = f"{local}{at}{'.'.join(_letters(label) for label in domain.split('.'))}"
    except UnicodeError:
        return address
    return shown if email_as_asked(shown) == address else address


def _letters(label: str) -> str:
    return label.removeprefix("xn--").encode().decode("punycode") if label.startswith("xn--") else label


def spellings_of_part(text: str) -> list[str]:
    """How a part of an address may be stored: as it stands and, as far as it is of a domain, in IDNA form."""
    part = _plain(text)
    local, at, domain = part.rpartition("@")
    try:
        in_ascii = ".".join(_ascii_label(label) if label else "" for label in DOTS.split(domain))
    except UnicodeError:
        return [part]
    return list(dict.fromkeys([part, f"{local}{at}{in_ascii}"]))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip().lower())


def _has_misplaced_dots(local: str) -> bool:
    return local.startswith(".") or local.endswith(".") or ".." in local


@lru_cache(maxsize=8192)
def _ascii_domain(domain: str) -> str | None:
    """The domain in ASCII; None when there can be none of this name. Colleagues share one, so it is worked out once."""
    try:
        ascii_domain = ".".join(_ascii_label(label) for label in DOTS.split(domain))
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return None
    return ascii_domain


def _ascii_label(label: str) -> str:
    if KEPT_BY_IDNA.search(label):
        return f"xn--{label.encode('punycode').decode()}"
    return label.encode("idna").decode().lower()
