"""`python -m deploy.dev.mailbox --smtp-port 8113 --http-port 8025 --dir var/mailbox`."""

import argparse
import asyncio
from pathlib import Path

import uvicorn

from deploy.dev.mailbox.app import mailbox_app
from deploy.dev.mailbox.smtp import HOST, Manners, listening
from deploy.dev.mailbox.store import Mailbox


async def serve(*, smtp_port: int, http_port: int, folder: Path) -> None:
    """Take mails and show them until the process is told to stop."""
    mailbox, manners = Mailbox(folder), Manners()
    config = uvicorn.Config(
        mailbox_app(mailbox, manners), host=HOST, port=http_port, log_level="warning", access_log=False
    )
    async with listening(mailbox, manners, port=smtp_port):
        await uvicorn.Server(config).serve()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="The development mailbox")
    parser.add_argument("--smtp-port", type=int, default=8113)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--dir", type=Path, default=Path("var/mailbox"))
    arguments = parser.parse_args()
    asyncio.run(serve(smtp_port=arguments.smtp_port, http_port=arguments.http_port, folder=arguments.dir))


if __name__ == "__main__":
    main()
