"""Buying: quote, order, payment, and what starts with it."""
