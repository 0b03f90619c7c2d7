"""VAT ids, checked by their form, as those of an export are; nothing is asked over the network."""

from dataclasses import dataclass

from shop.vat_forms import is_vat_id

# Two prefixes of the Union's scheme are not ISO country codes.
ISO_COUNTRY = {"EL": "GR", "XI": "GB"}


@dataclass(frozen=True, slots=True)
class VatId:
    """A VAT id in good form: compact number with prefix, and the ISO country that gave it."""

    number: str
    country: str


def read_vat_id(text: str) -> VatId | None:
    """The VAT id in `text`; None when its form is not good. Blanks, dots and hyphens do not matter, the prefix does."""
    return as_written(text) if is_vat_id(text) else None


def as_written(text: str) -> VatId:
    """The compact number and the country of its prefix, unchecked: for ids whose form was found good before."""
    compact = "".join(sign for sign in text.upper() if sign not in ".-" and not sign.isspace())
    prefix = compact[:2]
    return VatId(compact, ISO_COUNTRY.get(prefix, prefix))
