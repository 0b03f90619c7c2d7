"""Entity tags for things that two people may edit: optional `If-Match`, refused with 412 when stale."""

import hashlib
from typing import Any

from fastapi import Request

from chassis.kernel.errors import PreconditionFailed


def etag_of(*values: Any) -> str:
    """A strong entity tag over what decides the representation (a version, an instant)."""
    digest = hashlib.sha256("\x1f".join(str(value) for value in values).encode()).hexdigest()[:24]
    return f'"{digest}"'


def check_if_match(request: Request, etag: str) -> None:
    """Raise PreconditionFailed when the caller has seen another version than `etag`."""
    wanted = request.headers.get("if-match")
    if wanted is None or wanted.strip() == "*":
        return
    if etag not in [candidate.strip().removeprefix("W/") for candidate in wanted.split(",")]:
        raise PreconditionFailed("Somebody changed this since you read it. Load it again and repeat your change.")
