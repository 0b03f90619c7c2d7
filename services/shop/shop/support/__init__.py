"""How customers reach a human."""
