"""What a piece of work asks of the database: so that nothing costs a statement per row."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.harness.service import RunningService


@contextmanager
def statements_of(service: RunningService) -> Iterator[list[str]]:
    """The statements that the test's own task brings about; what goes on in the background is not among them."""
    asked: list[str] = []
    mine = asyncio.current_task()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if asyncio.current_task() is mine:
            asked.append(statement)

    engine = service.runtime.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
