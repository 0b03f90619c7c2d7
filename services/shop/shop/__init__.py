"""Catalogue, orders, subscriptions and the transfer from the old shop."""
