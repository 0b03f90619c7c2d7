"""Background work ends even where one cancellation is lost."""

import asyncio

from chassis.ops.tasks import outlast


async def test_a_task_that_loses_a_cancellation_ends_all_the_same() -> None:
    started, lost = asyncio.Event(), 0

    async def stubborn() -> None:
        nonlocal lost
        while True:
            try:
                started.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost == 2:
                    raise
                lost += 1

    task = asyncio.create_task(stubborn())
    await started.wait()
    task.cancel()

    await outlast([task], patience=0.01)

    assert task.cancelled()
    assert lost == 2
