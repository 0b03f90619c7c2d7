"""A sentence that survives one redirect: its key and values in a short-lived cookie, shown once."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "flash"
MAX_AGE = 60
Kind = Literal["success", "info", "warning", "error"]
KINDS = ("success", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Flash:
    """A translation key, what fills it, and how it is shown."""

    key: str
    kind: str
    values: dict[str, Any]


def put(response: Response, flash: Flash, *, secure: bool) -> None:
    """Leave a sentence for the next page."""
    content = orjson.dumps([flash.key, flash.kind, flash.values])
    value = base64.urlsafe_b64encode(content).decode().rstrip("=")
    response.set_cookie(COOKIE, value, max_age=MAX_AGE, httponly=True, samesite="lax", secure=secure)


def take(request: Request) -> Flash | None:
    """The sentence left by the page before; anything unreadable is nothing."""
    value = request.cookies.get(COOKIE)
    if not value:
        return None
    try:
        key, kind, values = orjson.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    except (ValueError, TypeError, binascii.Error):
        return None
    if not isinstance(key, str) or kind not in KINDS or not isinstance(values, dict):
        return None
    return Flash(key, kind, values)


def drop(response: Response) -> None:
    """Forget it once it was shown."""
    response.delete_cookie(COOKIE)
