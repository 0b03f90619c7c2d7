"""One JSON line per event: a name and fields, no prose, no secrets, no addresses in clear."""

import hashlib
import json
import logging
import re
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

import orjson

from chassis.ops import context

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "link", "iban", "code_verifier")
ADDRESS_WORDS = ("email", "recipient")
ADDRESS = re.compile(r"[^\s@\"'`<>()\[\]{},;:=]+@[^\s@\"'`<>()\[\]{},;:=]+\.[A-Za-z]{2,}")
LOUD_LIBRARIES = ("httpx", "httpcore", "aiohttp", "sqlalchemy", "python_multipart", "aiosmtplib")
"""They write headers and bodies at the finer levels, whatever is in them."""


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON with the ids of the work at hand."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        work = context.current()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "event": record.getMessage(),
            "request_id": work.request_id,
            "trace_id": work.traceparent[3:35],
            "actor": work.actor,
        }
        line |= redacted(getattr(record, "fields", {}))
        if record.exc_info:
            line["error"] = without_addresses(self.formatException(record.exc_info))
        try:
            return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        except TypeError:  # half of a surrogate pair, an enormous number
            return json.dumps(line, default=str)


class EventLogger:
    """Logs named events with fields: `log.info("subscription.renewed", subscription_id=…)`."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def info(self, event: str, **fields: Any) -> None:
        """A fact of the business."""
        self._logger.info(event, extra={"fields": fields})

    def warning(self, event: str, **fields: Any) -> None:
        """Something that is tried again."""
        self._logger.warning(event, extra={"fields": fields})

    def error(self, event: str, **fields: Any) -> None:
        """Something a person must look at."""
        self._logger.error(event, extra={"fields": fields})

    def exception(self, event: str, **fields: Any) -> None:
        """An unexpected error, with its trace, from inside an `except` block."""
        self._logger.exception(event, extra={"fields": fields})


def get_logger(name: str) -> EventLogger:
    """The logger of a module."""
    return EventLogger(logging.getLogger(name))


def redacted(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with secrets struck out and e-mail addresses hashed."""
    return {name: _redact(name, value) for name, value in fields.items()}


def hashed(text: str) -> str:
    """A short stable hash that lets lines about one address be found without showing it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def without_addresses(text: str) -> str:
    """The text of an error, the e-mail addresses in it hashed: databases and validators quote what they were given."""
    return ADDRESS.sub(lambda found: hashed(found[0]), text)


def _redact(name: str, value: Any) -> Any:
    match _holds(name):
        case "secret":
            return "***"
        case "address" if isinstance(value, str):
            return hashed(value)
    return without_addresses(value) if isinstance(value, str) and "@" in value else value


@lru_cache(maxsize=1024)
def _holds(name: str) -> Literal["secret", "address", "anything"]:
    """What a field of this name holds; the names are those written in the code, so they are few."""
    if any(word in name for word in SECRET_WORDS):
        return "secret"
    return "address" if any(word in name for word in ADDRESS_WORDS) else "anything"


def configure(service: str, level: str) -> None:
    """Send every log line of the process to standard output as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # No line tells its place in the code, its thread or its process: finding them would cost as much as the line
    # itself (Python's logging HOWTO, "Optimization").
    logging._srcfile = None  # type: ignore[attr-defined]
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for library in LOUD_LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
    logging.getLogger("nats").setLevel(logging.CRITICAL)
