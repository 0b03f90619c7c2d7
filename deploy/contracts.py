"""Writes a service's generated contracts into its folder: the OpenAPI document and a JSON Schema per event."""

import importlib
import shutil
import sys
from pathlib import Path

from chassis.cli import contracts
from chassis.service import Service

ROOT = Path(__file__).parents[1]


def service_called(name: str) -> Service:
    """The service that the package `name` defines."""
    service: Service = importlib.import_module(f"{name}.main").service
    return service


def contract_folder(name: str) -> Path:
    """Where the contracts of a service are kept under version control."""
    parent = ROOT if name == "gateway" else ROOT / "services"
    return parent / name / "contracts"


def write(name: str) -> None:
    """Replace the kept contracts by those of the present code."""
    folder = contract_folder(name)
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in contracts(service_called(name)).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


if __name__ == "__main__":
    for chosen in sys.argv[1:]:
        write(chosen)
