"""Waiting for what happens by itself: the only place in the tests that sleeps."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

PAUSE = 0.05


async def eventually(check: Callable[[], Any], within: float = 10, message: str = "") -> Any:
    """Call `check` until it answers something true without failing an assertion; its answer. Fails after `within` s."""
    deadline = time.monotonic() + within
    last: BaseException | None = None
    while True:
        try:
            answer = check()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer
            last = None
        except AssertionError as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(message or f"It did not happen within {within} s: {last or check!r}") from last
        await asyncio.sleep(PAUSE)
