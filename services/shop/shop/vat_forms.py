"""The form of a VAT ID: country prefix required; blanks, dots and hyphens ignored; no check digits."""

import re

_FORMS = {
    "AT": r"U[0-9]{8}",
    "BE": r"[01]?[0-9]{9}",
    "BG": r"[0-9]{9,10}",
    "CY": r"[0-9]{8}[A-Z]",
    "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}",
    "DK": r"[0-9]{8}",
    "EE": r"[0-9]{9}",
    "EL": r"[0-9]{9}",
    "ES": r"[A-Z0-9][0-9]{7}[A-Z0-9]",
    "FI": r"[0-9]{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}[0-9]{9}",
    "HR": r"[0-9]{11}",
    "HU": r"[0-9]{8}",
    "IE": r"[0-9][A-Z0-9+*][0-9]{5}[A-Z]{1,2}",
    "IT": r"[0-9]{11}",
    "LT": r"([0-9]{9}|[0-9]{12})",
    "LU": r"[0-9]{8}",
    "LV": r"[0-9]{11}",
    "MT": r"[0-9]{8}",
    "NL": r"[A-Z0-9+*]{10}[0-9]{2}",
    "PL": r"[0-9]{10}",
    "PT": r"[0-9]{9}",
    "RO": r"[0-9]{2,10}",
    "SE": r"[0-9]{12}",
    "SI": r"[0-9]{8}",
    "SK": r"[0-9]{10}",
    "XI": r"([0-9]{9}|[0-9]{12}|(GD|HA)[0-9]{3})",
    "GB": r"([0-9]{9}|[0-9]{12}|(GD|HA)[0-9]{3})",
    "CH": r"E[0-9]{9}(MWST|TVA|IVA)?",
    "LI": r"[0-9]{5}",
    "NO": r"[0-9]{9}(MVA)?",
    "SM": r"[0-9]{5}",
}
_PATTERNS = {prefix: re.compile(form) for prefix, form in _FORMS.items()}
_IGNORED = re.compile(r"[\s.\-]")


def is_vat_id(text: str) -> bool:
    """Tell whether the text has the form of a VAT ID with its country's prefix."""
    compact = _IGNORED.sub("", text).upper()
    pattern = _PATTERNS.get(compact[:2])
    return pattern is not None and pattern.fullmatch(compact[2:]) is not None
