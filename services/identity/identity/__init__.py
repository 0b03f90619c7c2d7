"""Accounts, organizations and the OpenID provider."""
