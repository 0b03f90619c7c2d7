"""What belongs to the piece of work at hand: request id, trace, who acts. Read by logs, problems and events."""

import os
import re
from contextvars import ContextVar
from dataclasses import dataclass

from chassis.kernel.ids import new_id

TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")


@dataclass(slots=True)
class WorkContext:
    """The identity of one request, message or job."""

    request_id: str
    traceparent: str
    actor: str = "system"
    idempotency_key: tuple[str, str] | None = None


_current: ContextVar[WorkContext | None] = ContextVar("work_context", default=None)


def begin(request_id: str = "", traceparent: str = "", actor: str = "system") -> WorkContext:
    """Open the context of a new piece of work; ids that are absent or malformed are made."""
    context = WorkContext(
        request_id=request_id if REQUEST_ID.fullmatch(request_id) else new_id("req"),
        traceparent=traceparent if TRACEPARENT.fullmatch(traceparent) else new_traceparent(),
        actor=actor,
    )
    _current.set(context)
    return context


def current() -> WorkContext:
    """The context of the work at hand; a fresh one outside of any."""
    return _current.get() or begin()


def new_traceparent() -> str:
    """A W3C trace context of a new trace."""
    digits = os.urandom(24).hex()
    return f"00-{digits[:32]}-{digits[32:]}-01"
