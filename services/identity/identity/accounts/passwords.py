"""Hashing of passwords: argon2id in a small pool of threads with a short queue in front of it.

Figures: OWASP Password Storage, m=19456 KiB, t=2, p=1; one hash takes about 22 ms, so that two threads keep two
cores busy and 32 waiting ones answer within half a second.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.kernel.errors import Unavailable

MEMORY_KIB = 19_456
PASSES = 2
LANES = 1
THREADS = 2
LONGEST_QUEUE = 32

Answer = TypeVar("Answer")


class TooManySignIns(Unavailable):
    """More passwords wait to be checked than can be checked in a fair time."""

    code = "too-many-sign-ins"
    title = "Too many people are signing in at this moment"


class PasswordHashing:
    """Hashes and checks passwords without ever blocking the event loop."""

    def __init__(
        self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES, longest_queue: int = LONGEST_QUEUE
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
        )
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="password")
        self._longest_queue = longest_queue
        self._waiting = 0
        self._decoy = self._hasher.hash("no account has this password")

    async def hash(self, password: str) -> str:
        """The salted hash to store."""
        return await self._in_pool(lambda: self._hasher.hash(normal_form(password)))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one behind `stored`; without a stored one it takes just as long to say no."""
        return await self._in_pool(lambda: self._verify(stored or self._decoy, password) and stored is not None)

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other figures than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, normal_form(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _in_pool(self, work: Callable[[], Answer]) -> Answer:
        if self._waiting >= self._longest_queue:
            raise TooManySignIns(retry_after=1)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def normal_form(password: str) -> str:
    """The password as it is counted and hashed: Unicode NFC, nothing cut off (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFC", password)
