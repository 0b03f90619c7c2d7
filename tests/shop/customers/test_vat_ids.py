"""VAT ids, checked by form."""

import pytest

from shop.customers.vat_ids import VatId, read_vat_id


@pytest.mark.parametrize(
    ("text", "number", "country"),
    [
        ("DE136695976", "DE136695976", "DE"),
        ("de 136.695-976", "DE136695976", "DE"),
        ("FR40303265045", "FR40303265045", "FR"),
        ("EL094259216", "EL094259216", "GR"),
        ("GB980780684", "GB980780684", "GB"),
        ("CHE-107.787.577 IVA", "CHE107787577IVA", "CH"),
        ("ATU13585627", "ATU13585627", "AT"),
        ("DE123456789", "DE123456789", "DE"),
    ],
)
def test_good_ids_are_read(text: str, number: str, country: str) -> None:
    assert read_vat_id(text) == VatId(number, country)


@pytest.mark.parametrize("text", ["", "136695976", "DE13669597", "DE", "XX123456789", "hello", "FR1", "CHE10778757IVA"])
def test_bad_ids_are_not(text: str) -> None:
    assert read_vat_id(text) is None
