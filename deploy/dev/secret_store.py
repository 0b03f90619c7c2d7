"""The secrets of one local platform: made once, kept in a file only its owner can read."""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Secrets:
    """Passwords and client secrets, each random and different in every installation."""

    database: str
    nats: str
    gateway_client: str
    shop_client: str
    licensing_client: str
    notifications_client: str
    operator_client: str
    operator_password: str
    buyer_password: str
    license_manager_password: str
    member_password: str
    sample_application_client: str
    webhook_key: str

    def client(self, name: str) -> str:
        """The client secret of a service."""
        return str(getattr(self, f"{name}_client"))


def password_of(master: str, user: str) -> str:
    """The password of one user, grown from a master that no user has: none of them opens the door of another."""
    return hmac.digest(master.encode(), user.encode(), "sha256").hex()[:40]


def load_or_make(path: Path) -> Secrets:
    """The secrets stored at `path`; made there when absent, completed when an older version made the file."""
    stored: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    names = list(Secrets.__dataclass_fields__)
    complete = {
        name: stored.get(name) or secrets.token_urlsafe(24).replace("-", "x").replace("_", "y") for name in names
    }
    if complete != stored:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(complete, indent=1))
    return Secrets(**complete)


def as_dict(kept: Secrets) -> dict[str, str]:
    """The secrets by name."""
    return asdict(kept)
