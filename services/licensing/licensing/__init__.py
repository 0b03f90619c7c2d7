"""Licenses, seats, assignments and entitlements."""
