"""Moves from the legacy shop, as far as access depends on them."""
