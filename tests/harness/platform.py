"""The whole platform as processes, on ports and directories of its own, with its demo: for the tests of stories."""

import os
import random
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from deploy.demo.load import load_demo
from deploy.dev.plan import OFFSETS, Plan
from deploy.dev.stack import Stack
from tests.harness.servers import free_port
from tests.harness.visitor import Visitor

FIRST_BASE, LAST_BASE, STEP = 21000, 31000, 40


class Platform:
    """A running platform and what a test does with it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.plan = stack.plan
        self.public_url = stack.plan.public_url
        self.accounts: dict[str, dict[str, str]] = {}

    def operator(self) -> httpx.Client:
        """The operator's API client."""
        token = self.token("operator-cli", self.stack.secrets.operator_client, "operator:read operator:write")
        return self.api(token)

    def api(self, token: str) -> httpx.Client:
        """An API client with a bearer token."""
        return httpx.Client(
            base_url=f"{self.public_url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    def token(self, client_id: str, client_secret: str, scope: str) -> str:
        """An access token by client credentials."""
        answer = httpx.post(
            f"{self.public_url}/oauth2/token",
            data={"grant_type": "client_credentials", "scope": scope},
            auth=(client_id, client_secret),
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def visitor(self) -> Visitor:
        """Somebody with a fresh browser."""
        return Visitor(self.public_url)

    def signed_in(self, role: str) -> Visitor:
        """A browser signed in as one of the demo's people."""
        visitor = self.visitor()
        visitor.sign_in(**self.accounts[role])
        return visitor

    def mails(self, to: str = "", subject: str = "") -> list[dict[str, Any]]:
        """The mailbox, as its API tells it."""
        params = {name: value for name, value in (("to", to), ("subject", subject)) if value}
        answer = httpx.get(f"{self.plan.url('mailbox')}/messages", params=params, timeout=30)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def now(self) -> datetime:
        """The business time."""
        with self.operator() as operator:
            return datetime.fromisoformat(operator.get("/test/clock").json()["now"])

    def advance(self, duration: timedelta) -> None:
        """Move the business clock of all services."""
        with self.operator() as operator:
            answer = operator.post("/test/clock", json={"advance": f"PT{int(duration.total_seconds())}S"})
        assert answer.status_code == 200, answer.text

    def kill(self, service: str) -> None:
        """kill -9, as soon as it runs; its supervisor starts it again."""
        patiently(lambda: self._was_killed(service))

    def _was_killed(self, service: str) -> bool:
        pid = self.stack.processes[service].pid
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def wait_until_ready(self) -> None:
        """Wait until every service answers again."""
        patiently(lambda: httpx.get(f"{self.public_url}/readyz", timeout=5).status_code == 200, within=60)


@contextmanager
def running_platform(*, with_demo: bool = True) -> Iterator[Platform]:
    """Start a platform of its own; logs are kept in `PLATFORM_LOGS` when that is set."""
    directory = Path(tempfile.mkdtemp(prefix="portico-platform-"))
    plan = Plan(
        public_url=f"http://localhost:{free_port()}", port_base=_free_base(), data_dir=directory, profile="test"
    )
    stack = Stack(plan, durable=False)
    platform = Platform(stack)
    try:
        stack.start()
        if with_demo:
            platform.accounts = load_demo(stack)
        else:
            platform.accounts = {"operator": stack.operator_login()}
        yield platform
    finally:
        stack.stop()
        if os.environ.get("PLATFORM_LOGS"):
            shutil.copytree(plan.log_dir, os.environ["PLATFORM_LOGS"], dirs_exist_ok=True)
        shutil.rmtree(directory, ignore_errors=True)


def patiently(check: Any, within: float = 20, message: str = "") -> Any:
    """Like `eventually`, for tests that are not coroutines: the first true answer of `check`."""
    deadline = time.monotonic() + within
    last = ""
    while True:
        try:
            answer = check()
        except (AssertionError, httpx.HTTPError, LookupError) as error:
            answer, last = None, repr(error)[:800]
        if answer:
            return answer
        assert time.monotonic() < deadline, f"It did not happen within {within} s. {message} {last}"
        time.sleep(0.1)


def _free_base() -> int:
    bases = list(range(FIRST_BASE, LAST_BASE, STEP))
    random.shuffle(bases)
    return next(base for base in bases if all(_is_free(base + offset) for offset in OFFSETS.values()))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
