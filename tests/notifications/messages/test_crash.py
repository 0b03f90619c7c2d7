"""A process that dies while mails are on their way: every mail arrives, and only those in the gap arrive twice."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from chassis.kernel.ids import new_id
from notifications.main import service
from tests.harness.eventually import eventually
from tests.harness.servers import Databases, LocalNats, free_port, running_nats
from tests.notifications.conftest import Post

MANY = 60
SESSIONS = 3
LEASE_SECONDS = 2
INSERT = """
    INSERT INTO messages (id, dedupe_key, template, locale, to_address, data, priority, on_uncertain, status,
                          queued_at, next_attempt_at)
    VALUES ($1, $2, 'account-password-changed', 'fr', $3,
            '{"changed_at": "2026-11-25T09:00:00Z", "time_zone": "UTC"}', 5, 'resend', 'queued', now(), now())
"""


@pytest.fixture
def bus() -> Iterator[LocalNats]:
    """A bus on which nobody else has said anything."""
    with running_nats() as server:
        yield server


@asynccontextmanager
async def process(url: str, nats_url: str, post: Post, data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service as a process of its own."""
    environment = os.environ | {
        "PROFILE": "test",
        "NATS_URL": nats_url,
        "DATA_DIR": str(data_dir),
        "NOTIFICATIONS_DATABASE_URL": url,
        "NOTIFICATIONS_PORT": str(free_port()),
        "NOTIFICATIONS_SMTP_PORT": str(post.port),
        "NOTIFICATIONS_SMTP_SESSIONS": str(SESSIONS),
        "NOTIFICATIONS_DELIVERY_LEASE_SECONDS": str(LEASE_SECONDS),
    }
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notifications", "serve", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        await running.wait()


async def test_a_process_killed_between_data_and_its_answer_loses_no_mail(
    databases: Databases, bus: LocalNats, post: Post, tmp_path: Path
) -> None:
    """Nobody can tell whether such a mail was taken (RFC 1047): it goes again under the same Message-ID."""
    url = await databases.fresh(service)
    database = await asyncpg.connect(url.replace("+asyncpg", ""))
    rows = [(new_id("msg"), f"test:{n}", f"person-{n}@customer.example") for n in range(MANY)]
    await database.executemany(INSERT, rows)
    post.behave(delay_seconds=0.2)

    async with process(url, bus.url, post, tmp_path) as first:
        await eventually(lambda: len(post.mails()) >= MANY // 3, within=40)
        first.kill()
        await first.wait()
    post.behave()
    async with process(url, bus.url, post, tmp_path):

        async def all_are_sent() -> bool:
            return await database.fetchval("SELECT count(*) FROM messages WHERE status = 'sent'") == MANY

        await eventually(all_are_sent, within=40)

    await database.close()
    by_id = Counter(mail.headers["Message-ID"] for mail in post.mails())
    repeated = [message_id for message_id, count in by_id.items() if count > 1]
    assert len(by_id) == MANY
    assert len(repeated) <= SESSIONS
    assert max(by_id.values()) <= 2


async def test_a_process_that_lives_keeps_its_mails_however_slow_the_mail_server_is(
    databases: Databases, bus: LocalNats, post: Post, tmp_path: Path
) -> None:
    """Longer than the lease lasts: another process beside it takes none of them up meanwhile."""
    url = await databases.fresh(service)
    database = await asyncpg.connect(url.replace("+asyncpg", ""))
    rows = [(new_id("msg"), f"test:{n}", f"person-{n}@customer.example") for n in range(SESSIONS)]
    await database.executemany(INSERT, rows)
    post.behave(delay_seconds=LEASE_SECONDS * 2)

    async with process(url, bus.url, post, tmp_path) as slow:
        await eventually(lambda: len(post.mails()) == SESSIONS, within=40)
        await let_others_sweep(database)
        async with process(url, bus.url, post, tmp_path):
            await eventually(lambda: _are_sent(database, SESSIONS), within=40)
        assert slow.returncode is None

    await database.close()
    assert len(post.mails()) == SESSIONS


async def let_others_sweep(database: asyncpg.Connection) -> None:
    """Break the connection that keeps other processes from looking at the queue."""
    await database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
        "AND (classid::bigint << 32 | objid::bigint) = hashtext('sweep:messages.deliver')::bigint "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )


async def _are_sent(database: asyncpg.Connection, wanted: int) -> bool:
    return bool(await database.fetchval("SELECT count(*) = $1 FROM messages WHERE status = 'sent'", wanted))
