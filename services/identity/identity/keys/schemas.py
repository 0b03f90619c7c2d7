"""Signing keys as operators see them."""

from datetime import datetime

from pydantic import BaseModel


class SigningKeyView(BaseModel):
    """A key pair, its private half never shown."""

    kid: str
    algorithm: str
    state: str
    published: bool
    created_at: datetime
    activated_at: datetime | None
    retired_at: datetime | None
