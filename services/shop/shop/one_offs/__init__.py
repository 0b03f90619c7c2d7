"""What license management knows about one-off licenses: asked when the archive is read."""
