"""Consents as the API shows them."""

from datetime import datetime

from pydantic import BaseModel

from identity.grants.consented import Consent


class ConsentView(BaseModel):
    """An application that may act for you."""

    client_id: str
    client_name: str
    scopes: list[str]
    given_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, consent: Consent) -> "ConsentView":
        """The consent as the person who gave it sees it."""
        return cls(
            client_id=consent.client_id,
            client_name=consent.client_name,
            scopes=list(consent.scopes),
            given_at=consent.given_at,
            changed_at=consent.changed_at,
        )
