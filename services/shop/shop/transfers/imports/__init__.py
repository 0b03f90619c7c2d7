"""Importing an export of the legacy shop: received, read, published, checked; nothing a customer sees changes."""
