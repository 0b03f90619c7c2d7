"""Where everything of one local platform is: ports, directories, URLs; from the environment, with defaults."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_PORT_BASE = 8100
DEFAULT_MAILBOX_PORT = 8025
SERVICES = ("identity", "shop", "licensing", "notifications")
OFFSETS = {
    "identity": 1,
    "shop": 2,
    "licensing": 3,
    "notifications": 4,
    "gateway_metrics": 9,
    "postgres": 10,
    "nats": 11,
    "smtp": 13,
    "sample_application": 20,
    "mailbox": 25,
}


@dataclass(frozen=True)
class Plan:
    """One platform's places. Two plans with different `PORT_BASE`, `PUBLIC_URL` and `DATA_DIR` run side by side."""

    public_url: str
    port_base: int
    data_dir: Path
    profile: str

    def port(self, part: str) -> int:
        """The inner port of a part."""
        if part == "mailbox" and self.port_base == DEFAULT_PORT_BASE:
            return DEFAULT_MAILBOX_PORT
        return self.port_base + OFFSETS[part]

    def url(self, part: str) -> str:
        """The inner address of a part."""
        return f"http://127.0.0.1:{self.port(part)}"

    @property
    def mailbox_url(self) -> str:
        """The mailbox page for people, and its API."""
        return os.environ.get("MAILBOX_URL") or f"http://localhost:{self.port('mailbox')}"

    @property
    def sample_url(self) -> str:
        """The sample product application."""
        return f"http://localhost:{self.port('sample_application')}"

    @property
    def run_file(self) -> Path:
        """What a client reads to find everything; present exactly while the platform is ready."""
        return self.data_dir / "run.json"

    @property
    def log_dir(self) -> Path:
        """One log file per process."""
        return self.data_dir / "logs"

    def listening_ports(self) -> dict[str, int]:
        """Every port that must be free."""
        parts = {part: self.port(part) for part in OFFSETS}
        return parts | {"gateway": urlsplit(self.public_url).port or 80}


def plan_from_environment() -> Plan:
    """The plan that `PUBLIC_URL`, `PORT_BASE`, `DATA_DIR` and `PROFILE` describe."""
    return Plan(
        public_url=os.environ.get("PUBLIC_URL", "http://localhost:8080").rstrip("/"),
        port_base=int(os.environ.get("PORT_BASE", DEFAULT_PORT_BASE)),
        data_dir=Path(os.environ.get("DATA_DIR", "var")).resolve(),
        profile=os.environ.get("PROFILE", "development"),
    )
