"""`make run`: start the platform, load the demo, say where everything is, stay until Ctrl-C."""

import os
import signal
import sys
import threading
import time

from deploy.demo.load import DemoFailed, load_demo
from deploy.dev.nats import NatsFailed
from deploy.dev.plan import plan_from_environment
from deploy.dev.postgres import PostgresFailed
from deploy.dev.stack import Stack, StackFailed

WELCOME = """
Portico is ready ({seconds:.1f} s)

  App Portal, shop, licenses   {public_url}
  API documents                {public_url}/docs
  Mailbox                      {mailbox_url}
  Logs                         {logs}

{logins}

Ctrl-C stops everything and keeps the data; `make reset` forgets it.
"""


def main() -> None:
    """Run until told to stop."""
    os.umask(0o077)  # mails with their links, logs and databases are the owner's alone
    started_at = time.monotonic()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stack = Stack(plan_from_environment())
    try:
        stack.start()
        accounts = load_demo(stack)
        stack.write_run_file(accounts)
        print(_welcome(stack, accounts, time.monotonic() - started_at), flush=True)
        stopped.wait()
    except (StackFailed, PostgresFailed, NatsFailed, DemoFailed) as error:
        sys.exit(f"Portico could not start. {error}")
    finally:
        print("Stopping …", flush=True)
        stack.stop()


def _welcome(stack: Stack, accounts: dict[str, dict[str, str]], seconds: float) -> str:
    logins = "\n".join(
        f"  {role.replace('_', ' '):<16} {login['email']:<44} {login['password']}" for role, login in accounts.items()
    )
    return WELCOME.format(
        seconds=seconds,
        public_url=stack.plan.public_url,
        mailbox_url=stack.plan.mailbox_url,
        logs=stack.plan.log_dir,
        logins=logins,
    )


if __name__ == "__main__":
    main()
