"""VAT ids, checked by form and check digits only; nothing is asked over the network."""

from dataclasses import dataclass

from stdnum.ch import vat as swiss
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as british

# Two prefixes of the Union's scheme are not ISO country codes.
ISO_COUNTRY = {"EL": "GR", "XI": "GB"}


@dataclass(frozen=True, slots=True)
class VatId:
    """A VAT id in good form: compact number with prefix, and the ISO country that gave it."""

    number: str
    country: str


def read_vat_id(text: str) -> VatId | None:
    """The VAT id in `text`; None when its form is not good. Blanks, dots and hyphens do not matter, the prefix does."""
    compact = "".join(sign for sign in text.upper() if sign not in " .-\u00a0")
    if compact.startswith("CHE"):
        return VatId(compact, "CH") if _is_valid(swiss, compact) else None
    prefix = compact[:2]
    if prefix == "GB":
        return VatId(compact, "GB") if _is_valid(british, compact[2:]) else None
    if not _is_valid(european, compact):
        return None
    return VatId(compact, ISO_COUNTRY.get(prefix, prefix))


def _is_valid(scheme: object, number: str) -> bool:
    try:
        scheme.validate(number)  # type: ignore[attr-defined]
    except ValidationError:
        return False
    return True
