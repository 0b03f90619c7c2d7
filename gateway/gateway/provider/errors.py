"""How asking the identity provider can end badly."""


class ProviderAway(Exception):
    """Identity could not be reached or failed: nothing is known, nothing has changed, try again later."""


class ProviderRefused(Exception):
    """Identity answered with an OAuth error (RFC 6749 §5.2)."""

    def __init__(self, error: str, description: str = "") -> None:
        self.error = error
        self.description = description
        super().__init__(f"{error}: {description}")


class InvalidToken(Exception):
    """A token is not what it should be: signature, issuer, audience, time or claims."""
