"""Seats held by e-mail addresses over periods of days."""
