"""Where the transfer keeps files, and which payment providers it may rely on."""

from pathlib import Path

from chassis.runtime import Runtime


def uploads_of(runtime: Runtime) -> Path:
    """The directory of uploads that are being read."""
    return runtime.platform.data_dir / "transfer-imports"


def providers_of(runtime: Runtime) -> frozenset[str]:
    """The names of the payment providers that are configured."""
    return frozenset(runtime.edges.providers.names)
