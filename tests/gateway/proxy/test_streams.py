"""Bodies go through piece by piece: the gateway's memory does not grow with them."""

import os
from collections.abc import AsyncIterator

import httpx
import psutil

from tests.gateway.party import Party

MEBIBYTE = 1024 * 1024


async def test_a_hundred_mebibytes_come_down_in_constant_memory(public: str) -> None:
    process, total, most = psutil.Process(os.getpid()), 0, 0
    async with httpx.AsyncClient(base_url=f"http://{public}", timeout=60) as client:
        await client.get("/api/v1/products/big?mebibytes=10")
        before = process.memory_info().rss
        async with client.stream("GET", "/api/v1/products/big?mebibytes=100") as answer:
            async for piece in answer.aiter_raw():
                total += len(piece)
                most = max(most, process.memory_info().rss)

    assert total == 100 * MEBIBYTE
    assert most - before < 30 * MEBIBYTE


async def test_a_hundred_mebibytes_go_up_in_constant_memory(public: str, party: Party) -> None:
    process = psutil.Process(os.getpid())
    most = 0

    async def bundle() -> AsyncIterator[bytes]:
        nonlocal most
        for _ in range(100):
            yield b"x" * MEBIBYTE
            most = max(most, process.memory_info().rss)

    async with httpx.AsyncClient(base_url=f"http://{public}", timeout=60) as client:
        before = process.memory_info().rss
        answer = await client.post(
            "/api/v1/transfer-imports", content=bundle(), headers={"Content-Length": str(100 * MEBIBYTE)}
        )

    assert answer.json()["bytes"] == 100 * MEBIBYTE
    assert party.largest_piece < MEBIBYTE
    assert most - before < 40 * MEBIBYTE
