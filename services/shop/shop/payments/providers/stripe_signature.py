"""Whether a call comes from Stripe: the `Stripe-Signature` header signs time and body with a shared secret."""

import hashlib
import hmac
from datetime import datetime, timedelta

from shop.payments.provider import CallbackRefused

TOLERANCE = timedelta(minutes=5)


def verify(body: bytes, header: str, *, secret: str, now: datetime) -> None:
    """Accept one good `v1` among several (there are two while a secret is rolled). Raises CallbackRefused."""
    parts = [tuple(part.strip().partition("=")[::2]) for part in header.split(",")]
    times = [value for name, value in parts if name == "t"]
    if not secret or len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 11:
        raise CallbackRefused
    if abs(now.timestamp() - int(times[0])) > TOLERANCE.total_seconds():
        raise CallbackRefused
    expected = signature(body, times[0], secret=secret)
    if not any(name == "v1" and hmac.compare_digest(value.encode(), expected.encode()) for name, value in parts):
        raise CallbackRefused


def signature(body: bytes, signed_at: str, *, secret: str) -> str:
    """The `v1` of a body signed at a Unix time."""
    return hmac.new(secret.encode(), signed_at.encode() + b"." + body, hashlib.sha256).hexdigest()
