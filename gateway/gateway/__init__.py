"""The OIDC gateway and App Portal: the single public entry."""
