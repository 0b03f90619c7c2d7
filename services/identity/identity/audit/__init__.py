"""The append-only book of security facts."""
