"""Signatures by the Standard Webhooks specification: the receiver knows that a body is ours, fresh and unchanged."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """A signing secret in the form that the specification's libraries take: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signature_headers(*, keys: Sequence[str], event_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a delivery; one signature per live secret, so that receivers can change theirs in peace."""
    timestamp = str(int(sent_at.timestamp()))
    signed = b".".join([event_id.encode(), timestamp.encode(), body])
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
    }


def _signature(key: str, signed: bytes) -> str:
    raw = base64.b64decode(key.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
