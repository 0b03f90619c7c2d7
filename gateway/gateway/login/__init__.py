"""Signing in and out at the provider, on behalf of a browser."""
