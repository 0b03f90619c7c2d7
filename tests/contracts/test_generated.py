"""The contracts under version control are those of the code, and services understand each other's events."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chassis.cli import contracts
from deploy.contracts import ROOT, contract_folder, service_called

SERVICES = ("identity", "shop", "licensing", "notifications")


@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_kept_contracts_are_those_of_the_code(name: str) -> None:
    folder = contract_folder(name)

    kept = {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.json"))}

    fresh = contracts(service_called(name))
    assert sorted(kept) == sorted(fresh), "run `make contracts`"
    assert [path for path in fresh if kept[path] != fresh[path]] == [], "run `make contracts`"


@pytest.mark.parametrize("name", SERVICES)
def test_every_event_one_reacts_to_is_published_by_somebody(name: str) -> None:
    published = {event.event_type for publisher in SERVICES for event in service_called(publisher).events}

    wanted = {event_type for reactions in service_called(name).reactions for event_type in reactions.by_type}

    assert wanted - published == set()


@pytest.mark.parametrize("name", SERVICES)
def test_event_types_are_named_by_one_rule(name: str) -> None:
    for event in service_called(name).events:
        parts = event.event_type.split(".")
        assert parts[0] == name
        assert len(parts) == 4
        assert parts[3].startswith("v")
        assert (event.__doc__ or "").strip()


@pytest.mark.parametrize("name", SERVICES)
def test_consumers_ask_for_no_field_that_the_publisher_does_not_send(name: str) -> None:
    schemas = {
        event.event_type: event.model_json_schema() for other in SERVICES for event in service_called(other).events
    }

    missing = [
        f"{event_type}: {field}"
        for reactions in service_called(name).reactions
        for event_type, reaction in reactions.by_type.items()
        for field in reaction.model.model_json_schema().get("required", [])
        if field not in schemas[event_type].get("required", []) + list(schemas[event_type].get("properties", {}))
    ]

    assert missing == []


@pytest.mark.parametrize("path", sorted((ROOT / "services").glob("*/contracts/events/*.json")), ids=lambda p: p.stem)
def test_event_schemas_are_valid_json_schema(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_operation_ids_are_unique_over_all_services() -> None:
    seen: dict[str, str] = {}
    twice = []
    for name in SERVICES:
        document = json.loads((contract_folder(name) / "openapi.json").read_text())
        for path, operation in _operations(document):
            identifier = operation["operationId"]
            if identifier in seen and not path.startswith("/api/v1/parked-events"):
                twice.append(f"{identifier}: {seen[identifier]} and {name} {path}")
            seen[identifier] = f"{name} {path}"
    assert twice == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_is_described_and_refuses_in_problems(name: str) -> None:
    document = json.loads((contract_folder(name) / "openapi.json").read_text())
    for path, operation in _operations(document):
        assert operation.get("description") or operation.get("summary"), path
        for status, response in operation["responses"].items():
            if int(status) >= 400 and not path.startswith("/oauth2"):
                assert list(response["content"]) == ["application/problem+json"], f"{path} {status}"


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, operation) for path, methods in document["paths"].items() for operation in methods.values()]
