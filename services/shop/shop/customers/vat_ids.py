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
    vat_id = as_written(text)
    if vat_id.country == "CH":
        is_valid = _is_valid(swiss, vat_id.number)
    elif vat_id.number.startswith("GB"):
        is_valid = _is_valid(british, vat_id.number[2:])
    else:
        is_valid = _is_valid(european, vat_id.number)
    return vat_id if is_valid else None


def as_written(text: str) -> VatId:
    """The compact number and the country of its prefix, unchecked: for ids whose form was found good before."""
    compact = "".join(sign for sign in text.upper() if sign not in " .-\u00a0")
    prefix = compact[:2]
    return VatId(compact, ISO_COUNTRY.get(prefix, prefix))


def _is_valid(scheme: object, number: str) -> bool:
    try:
        scheme.validate(number)  # type: ignore[attr-defined]
    except ValidationError:
        return False
    return True
