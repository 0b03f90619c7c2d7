"""A log line tells what happened, and nobody's secret or address."""

import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.ops.logging import JsonLines, configure
from tests.harness.service import RunningService


@pytest.fixture
def loggers_as_before() -> Iterator[None]:
    """`configure` is for whole processes."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


def line_of(message: str, error: Exception | None = None, **fields: object) -> str:
    """The line that a record becomes."""
    trace = (type(error), error, None) if error else None
    record = logging.LogRecord("chassis", logging.ERROR, __file__, 1, message, (), trace)
    record.fields = fields
    return JsonLines("sample").format(record)


def test_secrets_are_struck_out_and_addresses_hashed_wherever_they_stand() -> None:
    line = line_of(
        "request.failed",
        ValueError("Key (email)=(anna.berger@customer.example) already exists."),
        reason="cannot write to anna.berger@customer.example",
        email="anna.berger@customer.example",
        access_token="at_0123456789",
    )

    assert "anna.berger" not in line
    assert "at_0123456789" not in line
    assert "already exists" in json.loads(line)["error"]


async def test_the_error_of_a_statement_does_not_tell_its_parameters(sample: RunningService) -> None:
    async with sample.runtime.database.read() as reader:
        with pytest.raises(DBAPIError) as raised:
            await reader.execute(text("SELECT 1 / (length(:secret) - 9)"), {"secret": "my-secret"})

    assert "my-secret" not in str(raised.value)


@pytest.mark.usefixtures("loggers_as_before")
@pytest.mark.parametrize("library", ["httpcore.http11", "httpx", "sqlalchemy.engine", "python_multipart.multipart"])
def test_libraries_stay_quiet_whatever_the_level_is(library: str) -> None:
    """They write headers and bodies as they come."""
    configure("sample", "DEBUG")

    assert not logging.getLogger(library).isEnabledFor(logging.INFO)
