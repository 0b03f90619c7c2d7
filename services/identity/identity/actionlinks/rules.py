"""How long links live (real time), and what they look like. Pure."""

import hashlib
import secrets
from datetime import timedelta
from typing import Literal

Purpose = Literal["activation", "recovery", "email"]

LIFETIMES: dict[str, timedelta] = {
    "activation": timedelta(days=14),
    "recovery": timedelta(minutes=30),
    "email": timedelta(hours=24),
}
PATHS: dict[str, str] = {"activation": "/activate", "recovery": "/recover", "email": "/activate/email"}


def new_token() -> str:
    """256 random bits for the path of a link."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """What is stored of a link: a copy of the database opens nothing."""
    return hashlib.sha256(token.encode()).digest()


def url_of(public_url: str, purpose: str, token: str) -> str:
    """The address that stands in the mail."""
    return f"{public_url}{PATHS[purpose]}/{token}"
