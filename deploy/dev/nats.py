"""A real nats-server with JetStream from its wheel, on loopback, a user per service."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from deploy.dev.secret_store import password_of

BINARY = Path(sys.executable).parent / "nats-server"
SERVICES = ("identity", "shop", "licensing", "notifications")
ADMINISTRATION = (
    "$JS.API.STREAM.DELETE.>",
    "$JS.API.STREAM.PURGE.>",
    "$JS.API.STREAM.UPDATE.>",
    "$JS.API.STREAM.MSG.DELETE.>",
    "$JS.API.STREAM.RESTORE.>",
    "$JS.API.CONSUMER.DELETE.>",
)
"""What would take events away from others: the administrator's alone."""

SECONDS_TO_START = 10


class NatsFailed(RuntimeError):
    """nats-server did not start; the message says where its log is."""


class LocalNats:
    """One server, its streams on disk. Every acknowledgement means that the message is on disk (`sync_interval`)."""

    def __init__(self, directory: Path, *, port: int, password: str, durable: bool = True) -> None:
        self.directory = directory.resolve()
        self.port = port
        self._password = password
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The administrator's URL, for tools."""
        return self.url_of("admin")

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self._process else None

    def url_of(self, user: str) -> str:
        """The URL of one user: a service publishes events and hints under its own name only."""
        return f"nats://{user}:{password_of(self._password, user)}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Write the configuration, start, wait until the port answers."""
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "nats.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration())
        self._process = subprocess.Popen(
            [str(BINARY), "-c", str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=(self.directory / "server.log").open("ab"),
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        """Stop cleanly."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _configuration(self) -> str:
        admin = f'{{user: admin, password: "{password_of(self._password, "admin")}"}}'
        users = [admin, self._user("gateway", publishes=False)]
        users += [self._user(service, publishes=True) for service in SERVICES]
        return "\n".join(
            [
                f"listen: 127.0.0.1:{self.port}",
                "max_payload: 1MB",
                "jetstream {",
                f'  store_dir: "{self.directory / "jetstream"}"',
                "  max_memory_store: 64MB",
                "  max_file_store: 8GB",
                f"  sync_interval: {'always' if self._durable else '2m'}",
                "}",
                "authorization { users = [",
                *[f"  {user}" for user in users],
                "] }",
                "",
            ]
        )

    def _user(self, name: str, *, publishes: bool) -> str:
        own = [f'"{name}.>"', f'"hint.{name}.>"'] if publishes else []
        subjects = ['"$JS.API.>"', '"$JS.ACK.>"', '"_INBOX.>"', *own]
        allowed, denied = ", ".join(subjects), ", ".join(f'"{subject}"' for subject in ADMINISTRATION)
        rights = f"permissions: {{publish: {{allow: [{allowed}], deny: [{denied}]}}}}"
        return f'{{user: {name}, password: "{password_of(self._password, name)}", {rights}}}'

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.03)
        raise NatsFailed(f"nats-server did not start; see {self.directory / 'server.log'}.")
