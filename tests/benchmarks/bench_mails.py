"""How many mails a second: rendered, built, and delivered from the queue to the development mailbox.

python -m tests.benchmarks.bench_mails [--mails 2000] [--sessions 8]
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import text

from chassis.kernel.clock import FrozenClock
from chassis.ops.brand import Brand
from notifications.delivery.mime import Letter, to_bytes
from notifications.main import service
from notifications.messages.deliver import deliver_due
from notifications.messages.queue import Order, Recipient, queue
from notifications.templates.catalog import catalog
from notifications.templates.render import Renderer
from tests.harness.servers import Databases, LocalNats, LocalPostgres, free_port, running_nats, running_postgres
from tests.harness.service import RunningService, running

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MAIL = "transfer-announcement"


@contextmanager
def running_sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything and keeps nothing; its port."""
    port = free_port()
    command = (sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}")
    sink = subprocess.Popen(command)
    try:
        yield port
    finally:
        sink.terminate()
        sink.wait()


def bench_rendering(count: int) -> None:
    """Templates to text, HTML and bytes."""
    renderer, mail = Renderer(Brand(), "https://portal.example"), catalog()[MAIL]
    started = time.perf_counter()
    for number in range(count):
        rendered = renderer.render(mail, locale="fr", data=mail.sample, name=f"Person {number}")
    report("rendered", count, time.perf_counter() - started)
    letter = Letter(
        sender_name="Portico",
        sender_address="no-reply@portico.example",
        recipient_name="Zoë Martin",
        recipient_address="zoe@customer.example",
        reply_to="support@portico.example",
        subject=rendered.subject,
        language="fr",
        message_id="<1@portico.example>",
        written_at=NOW,
        text=rendered.text,
        html=rendered.html,
    )
    started = time.perf_counter()
    for _ in range(count):
        content = to_bytes(letter)
    report(f"built ({len(content)} bytes)", count, time.perf_counter() - started)


async def bench_delivery(count: int, sessions: int, postgres: LocalPostgres, nats: LocalNats, port: int) -> None:
    """From rows in the queue to the mail server's answers, recorded, with their events."""
    settings = {"smtp_port": port, "smtp_sessions": sessions, "delivery_batch": 200}
    async with running(service, Databases(postgres), nats, clock=FrozenClock(NOW), settings=settings) as stack:
        stack.runtime.edges.mail.traffic.is_stopping = True
        started = time.perf_counter()
        async with stack.runtime.database.transaction() as tx:
            for number in range(count):
                await queue(tx, order(number))
        report("queued", count, time.perf_counter() - started)
        stack.runtime.edges.mail.traffic.is_stopping = False
        started = time.perf_counter()
        while await sent(stack) < count:
            await deliver_due(stack.runtime)
        report(f"delivered over {sessions} sessions", count, time.perf_counter() - started)


async def sent(stack: RunningService) -> int:
    """How many mails have left."""
    async with stack.runtime.database.read() as reader:
        return await reader.scalar(text("SELECT count(*) FROM messages WHERE status = 'sent'"))


def order(number: int) -> Order:
    """One announcement."""
    recipient = Recipient(email=f"person-{number}@customer.example", name=f"Person {number}", locale="fr")
    return Order(template=MAIL, occasion=f"bench:{number}", recipient=recipient, data=catalog()[MAIL].sample)


def report(what: str, count: int, seconds: float) -> None:
    """One line."""
    print(f"{what:40} {count / seconds:10,.0f} per second")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--sessions", type=int, default=8)
    arguments = parser.parse_args()
    bench_rendering(arguments.mails)
    with running_postgres() as postgres, running_nats() as nats, running_sink() as port:
        asyncio.run(bench_delivery(arguments.mails, arguments.sessions, postgres, nats, port))


if __name__ == "__main__":
    main()
