"""Addresses that get no mail: they bounced, complained, or somebody asked for it."""
