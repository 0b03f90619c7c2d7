"""Whose access may have changed and has to be announced."""
