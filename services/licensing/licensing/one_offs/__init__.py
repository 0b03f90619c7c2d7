"""What is left of one-off licenses: asked by the shop for its archive."""
