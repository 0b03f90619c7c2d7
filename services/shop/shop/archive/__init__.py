"""The archive of the legacy shop for transferred customers: every order ever placed there, read-only."""
