"""The support contact as clients see it."""

from pydantic import BaseModel


class SupportContact(BaseModel):
    """How to reach the vendor's support."""

    brand: str
    email: str
    phone: str
    website: str
