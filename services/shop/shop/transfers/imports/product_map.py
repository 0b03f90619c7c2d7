"""From the legacy shop's product ids to our product codes, as operators write it."""

from pydantic import TypeAdapter

PRODUCT_MAP = TypeAdapter(dict[str, str])


def product_map_in(text: str) -> dict[str, str]:
    """The map in a JSON object; empty without any text. Raises ValueError for anything but texts by text."""
    return PRODUCT_MAP.validate_json(text) if text.strip() else {}
