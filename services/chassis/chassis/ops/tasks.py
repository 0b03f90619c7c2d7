"""Ending background work for certain."""

import asyncio
from collections.abc import Iterable
from typing import Any


async def outlast(tasks: Iterable[asyncio.Task[Any]], *, patience: float = 1) -> None:
    """Wait for cancelled tasks to end; those that have not after `patience` seconds are cancelled again.

    In Python 3.11 a cancellation that meets an arriving result can be lost (`asyncio.wait_for`): once is not enough.
    """
    while alive := [task for task in tasks if not task.done()]:
        await asyncio.wait(alive, timeout=patience)
        for task in alive:
            task.cancel()
