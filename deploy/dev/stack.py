"""The whole local platform: databases, streams, mailbox, services, gateway, in the order they need each other."""

import asyncio
import json
import socket
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from deploy.dev.nats import LocalNats
from deploy.dev.plan import SERVICES, Plan
from deploy.dev.postgres import LocalPostgres, ensure_database, refuse_missing_tools
from deploy.dev.processes import Supervised, stop_together
from deploy.dev.secret_store import load_or_make, password_of

OPERATOR_EMAIL = "operator@portico.example"
SECONDS_TO_READY = 90


class StackFailed(RuntimeError):
    """A part did not come up; the message says which, and where its log is."""


class Stack:
    """One running platform."""

    def __init__(self, plan: Plan, *, durable: bool = True) -> None:
        self.plan = plan
        self.secrets = load_or_make(plan.data_dir / "secrets.json")
        self.postgres = LocalPostgres(
            plan.data_dir / "postgres", port=plan.port("postgres"), password=self.secrets.database, durable=durable
        )
        self.nats = LocalNats(
            plan.data_dir / "nats", port=plan.port("nats"), password=self.secrets.nats, durable=durable
        )
        self.processes: dict[str, Supervised] = {}
        self._owns_run_file = False

    def start(self) -> None:
        """Start every part; returns when all of them are ready."""
        refuse_missing_tools()
        self._refuse_taken_ports()
        self._owns_run_file = True
        self.plan.run_file.unlink(missing_ok=True)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda part: part.start(), [self.postgres, self.nats]))
        databases = asyncio.run(self._databases())
        self._start_process("mailbox", self._mailbox_command(), {})
        for service in (*SERVICES, "gateway"):
            command = [sys.executable, "-m", service, "serve", "--migrate"]
            self._start_process(service, command, self._environment(service, databases[service]))
        sample = [sys.executable, "-m", "deploy.dev.sample_application"]
        self._start_process("sample_application", sample, self._sample_environment())
        self.wait_until_ready()

    def stop(self) -> None:
        """Stop everything: those who take requests first, the databases last. Nothing is lost."""
        if self._owns_run_file:
            self.plan.run_file.unlink(missing_ok=True)
        front = [self.processes[name] for name in ("gateway", "sample_application") if name in self.processes]
        stop_together(front)
        stop_together([process for process in self.processes.values() if process not in front])
        self.nats.stop()
        self.postgres.stop()

    def wait_until_ready(self) -> None:
        """Wait for the readiness of every service and of the gateway."""
        deadline = time.monotonic() + SECONDS_TO_READY
        for name in SERVICES:
            self._wait_for(name, f"{self.plan.url(name)}/readyz", deadline)
        self._wait_for("gateway", f"{self.plan.public_url}/readyz", deadline)
        self._wait_for("mailbox", f"{self.plan.url('mailbox')}/messages?to=nobody", deadline)

    def write_run_file(self, accounts: dict[str, dict[str, str]]) -> None:
        """Say where everything is, for clients; only the owner can read it."""
        content = {
            "public_url": self.plan.public_url,
            "mailbox_url": self.plan.mailbox_url,
            "smtp": f"127.0.0.1:{self.plan.port('smtp')}",
            "nats_url": self.nats.url,
            "postgres_url": self.postgres.url,
            "operator_client": {"client_id": "operator-cli", "client_secret": self.secrets.operator_client},
            "accounts": accounts,
        }
        draft = self.plan.run_file.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(content, indent=1))
        draft.replace(self.plan.run_file)

    def operator_login(self) -> dict[str, str]:
        """The demo's operator."""
        return {"email": OPERATOR_EMAIL, "password": self.secrets.operator_password}

    def _start_process(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        process = Supervised(name, command, environment, self.plan.log_dir)
        self.processes[name] = process
        process.start()

    async def _databases(self) -> dict[str, str]:
        names = (*SERVICES, "gateway")
        return {
            name: await ensure_database(self.postgres.url, name, password_of(self.secrets.database, name))
            for name in names
        }

    def _environment(self, service: str, database_url: str) -> dict[str, str]:
        """What one process is told: its own secrets, and nobody else's."""
        prefix = service.upper()
        environment = self._platform_environment() | {
            "NATS_URL": self.nats.url_of(service),
            f"{prefix}_DATABASE_URL": database_url,
        }
        if service in SERVICES:
            environment[f"{prefix}_PORT"] = str(self.plan.port(service))
        match service:
            case "identity":
                return environment | self._identity_secrets()
            case "notifications":
                environment["NOTIFICATIONS_SMTP_PORT"] = str(self.plan.port("smtp"))
                environment["NOTIFICATIONS_SECRETS_KEY"] = self.secrets.webhook_key
        return environment | {f"{prefix}_CLIENT_SECRET": self.secrets.client(service)}

    def _identity_secrets(self) -> dict[str, str]:
        return {
            "IDENTITY_BOOTSTRAP_OPERATOR_EMAIL": OPERATOR_EMAIL,
            "IDENTITY_BOOTSTRAP_OPERATOR_PASSWORD": self.secrets.operator_password,
            "IDENTITY_GATEWAY_CLIENT_SECRET": self.secrets.gateway_client,
            "IDENTITY_SHOP_CLIENT_SECRET": self.secrets.shop_client,
            "IDENTITY_LICENSING_CLIENT_SECRET": self.secrets.licensing_client,
            "IDENTITY_NOTIFICATIONS_CLIENT_SECRET": self.secrets.notifications_client,
            "IDENTITY_OPERATOR_CLIENT_SECRET": self.secrets.operator_client,
        }

    def _platform_environment(self) -> dict[str, str]:
        return {
            "PROFILE": self.plan.profile,
            "PUBLIC_URL": self.plan.public_url,
            "PORT_BASE": str(self.plan.port_base),
            "DATA_DIR": str(self.plan.data_dir),
            "MAILBOX_URL": self.plan.mailbox_url,
            "PYTHONUNBUFFERED": "1",
            **{f"{service.upper()}_URL": self.plan.url(service) for service in SERVICES},
        }

    def _sample_environment(self) -> dict[str, str]:
        return self._platform_environment() | {
            "SAMPLE_PORT": str(self.plan.port("sample_application")),
            "SAMPLE_URL": self.plan.sample_url,
            "SAMPLE_CLIENT_FILE": str(self.plan.data_dir / "sample-application.json"),
        }

    def _mailbox_command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "deploy.dev.mailbox"),
            *("--smtp-port", str(self.plan.port("smtp"))),
            *("--http-port", str(self.plan.port("mailbox"))),
            *("--dir", str(self.plan.data_dir / "mailbox")),
        ]

    def _refuse_taken_ports(self) -> None:
        taken = []
        for part, port in self.plan.listening_ports().items():
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    taken.append(f"{part} ({port})")
        if taken:
            hint = "Stop what listens there, or choose other ports with PORT_BASE and PUBLIC_URL."
            raise StackFailed(f"These ports are taken: {', '.join(taken)}. {hint}")

    def _wait_for(self, name: str, url: str, deadline: float) -> None:
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - a loopback address of ours
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise StackFailed(f"{name} did not become ready; see {self.plan.log_dir / (name + '.log')}.")
