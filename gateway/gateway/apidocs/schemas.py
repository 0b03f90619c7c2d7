"""Renaming of schemas that two services call alike and mean differently."""

import json
from typing import Any

Schemas = dict[str, Any]
PREFIX = "#/components/schemas/"


def conflicts(by_service: dict[str, Schemas]) -> dict[str, set[str]]:
    """For each service the names of its schemas that another service uses for something else.

    Two schemas are the same when they and everything they refer to are written alike.
    """
    meanings: dict[str, set[str]] = {}
    for schemas in by_service.values():
        for name in schemas:
            meanings.setdefault(name, set()).add(_meaning(name, schemas))
    ambiguous = {name for name, known in meanings.items() if len(known) > 1}
    return {service: ambiguous & set(schemas) for service, schemas in by_service.items()}


def renamed(node: Any, service: str, names: set[str]) -> Any:
    """A copy of `node` in which references to `names` point to the service's own version."""
    if isinstance(node, dict):
        return {
            key: _reference(value, service, names) if key == "$ref" else renamed(value, service, names)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [renamed(item, service, names) for item in node]
    return node


def own_name(service: str, name: str) -> str:
    """`shop`, `Page` -> `ShopPage`."""
    return f"{service.capitalize()}{name}"


def _reference(value: Any, service: str, names: set[str]) -> Any:
    if isinstance(value, str) and value.startswith(PREFIX) and value[len(PREFIX) :] in names:
        return PREFIX + own_name(service, value[len(PREFIX) :])
    return value


def _meaning(name: str, schemas: Schemas) -> str:
    """The schema and all it refers to, in one text."""
    reached: dict[str, Any] = {}
    pending = [name]
    while pending:
        current = pending.pop()
        if current in schemas and current not in reached:
            reached[current] = schemas[current]
            pending += _references(schemas[current])
    return json.dumps(reached, sort_keys=True)


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = node.get("$ref")
        found = [here[len(PREFIX) :]] if isinstance(here, str) and here.startswith(PREFIX) else []
        return found + [name for value in node.values() for name in _references(value)]
    if isinstance(node, list):
        return [name for item in node for name in _references(item)]
    return []
