"""Signing in on the page /login: password, second factor, and patience with those who guess."""
