"""The example files of `deploy/env/`: every setting with its meaning, and the values that a production host needs."""

import textwrap
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from chassis.ops.settings import DEVELOPMENT_SECRET

PLATFORM = "platform"
SHARED = """# What all five processes share: copy to /etc/portico/platform.env (mode 0640, group portico) and change.
# A line that begins with `#NAME=` shows the default. Written by `make docs`."""
OWN = """# Read by `python -m {name}`, beside platform.env: copy to /etc/portico/{name}.env (mode 0640) and change.
# A line that begins with `#NAME=` shows the default. Written by `make docs`.

# The NATS server, with this process's own user and password.
NATS_URL=nats://{name}:GENERATE-A-SECRET@127.0.0.1:4222"""

VALUES = {
    "PROFILE": "production",
    "PUBLIC_URL": "https://portal.vendor.example",
    "DATA_DIR": "/var/lib/portico",
    "IDENTITY_PORT": "8101",
    "SHOP_PORT": "8102",
    "LICENSING_PORT": "8103",
    "NOTIFICATIONS_PORT": "8104",
    "GATEWAY_PORT": "8080",
    "IDENTITY_GATEWAY_URL": "http://127.0.0.1:8080",
    "GATEWAY_TRUSTED_PROXIES": "127.0.0.1",
    "SHOP_PAYMENT_PROVIDER": "stripe",
    "SHOP_STRIPE_API_KEY": "GENERATE-A-SECRET",
    "SHOP_STRIPE_WEBHOOK_SECRET": "GENERATE-A-SECRET",
    "NOTIFICATIONS_SMTP_HOST": "smtp.vendor.example",
    "NOTIFICATIONS_SMTP_PORT": "587",
    "NOTIFICATIONS_SMTP_SECURITY": "starttls",
}
"""What differs from the default on the host that the examples describe."""

NEVER_IN_PRODUCTION = ("IDENTITY_OPERATOR_CLIENT_SECRET",)

ADVICE = {
    "PORT_BASE": "In production only the gateway's metrics follow it (PORT_BASE + 9).",
    "DATA_DIR": "In production: the key files of identity, licensing and gateway. Back it up with the databases.",
    "IDENTITY_CLIENT_SECRET": "Identity signs in nowhere, and still refuses the development value: any random text.",
    "IDENTITY_GATEWAY_CLIENT_SECRET": "The same text as GATEWAY_CLIENT_SECRET in gateway.env.",
    "IDENTITY_SHOP_CLIENT_SECRET": "The same text as SHOP_CLIENT_SECRET in shop.env.",
    "IDENTITY_LICENSING_CLIENT_SECRET": "The same text as LICENSING_CLIENT_SECRET in licensing.env.",
    "IDENTITY_NOTIFICATIONS_CLIENT_SECRET": "The same text as NOTIFICATIONS_CLIENT_SECRET in notifications.env.",
    "IDENTITY_GATEWAY_URL": "Here: past the proxy that ends TLS, straight to the gateway.",
    "GATEWAY_TRUSTED_PROXIES": "Here: the proxy that ends TLS runs on this host.",
    "GATEWAY_ENCRYPTION_KEY": "Needed when several gateways share one database; `openssl rand -base64 32` makes one.",
    "NOTIFICATIONS_SECRETS_KEY": "`openssl rand -base64 32` makes one. Losing it loses every webhook secret.",
}


def example(name: str, settings: Iterator[tuple[str, FieldInfo]]) -> str:
    """The example file of one process, or of the platform: its variables in order, each under its meaning."""
    parts = [SHARED if name == PLATFORM else OWN.format(name=name)]
    parts += [
        "\n".join([*_comment(field.description), *_comment(ADVICE.get(variable)), _line(name, variable, field)])
        for variable, field in settings
        if variable != "NATS_URL"
    ]
    if name == PLATFORM:
        parts.append("# NATS_URL differs from process to process: it stands in each one's own file.")
    return "\n\n".join(parts) + "\n"


def shown(default: object) -> str:
    """A default as the environment writes it."""
    if default is None or default == DEVELOPMENT_SECRET:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return str(list(default)).replace("'", '"')
    return str(default)


def _line(name: str, variable: str, field: FieldInfo) -> str:
    if variable in VALUES:
        return f"{variable}={VALUES[variable]}"
    if variable.endswith("_DATABASE_URL"):
        return f"{variable}=postgresql+asyncpg://{name}:GENERATE-A-SECRET@127.0.0.1:5432/{name}"
    if field.default == DEVELOPMENT_SECRET and variable not in NEVER_IN_PRODUCTION:
        return f"{variable}=GENERATE-A-SECRET"
    return f"#{variable}={shown(field.default)}"


def _comment(text: str | None) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(" ".join((text or "").split()), 110)]
