"""Charging: intent, call to the provider, outcome."""
