"""What the gateway publishes about all services is true: reachable, unambiguous, complete."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.http.app import create_app
from chassis.http.asyncapi import asyncapi_document
from gateway.apidocs import asyncapi, openapi
from gateway.main import service as gateway
from gateway.routes import ROUTES, route_of
from identity.main import service as identity
from licensing.main import service as licensing
from notifications.main import service as notifications
from shop.main import service as shop

PUBLIC = "http://localhost:8080"
SERVICES = (identity, shop, licensing, notifications)


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return {service.name: create_app(service).openapi() for service in (gateway, *SERVICES)}


@pytest.fixture(scope="module")
def merged(documents: dict[str, Any]) -> dict[str, Any]:
    return openapi.merged(documents, public_url=PUBLIC)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            if verb in openapi.VERBS:
                yield verb, path, operation


@pytest.mark.parametrize("name", [service.name for service in SERVICES])
def test_the_gateway_routes_every_documented_address_to_its_service(documents: dict[str, Any], name: str) -> None:
    lost = [path for path in documents[name]["paths"] if (route := route_of(path)) is None or route.service != name]

    assert lost == []


def test_every_route_of_the_table_leads_to_something_documented(documents: dict[str, Any]) -> None:
    """Identity's pages and protocol are described by OpenID discovery instead; the sandbox bank is no API."""
    idle = [
        prefix
        for prefix, route in ROUTES.items()
        if route.kind == "api" and not any(path.startswith(prefix) for path in documents[route.service]["paths"])
    ]

    assert idle == []


def test_operation_ids_are_unique(merged: dict[str, Any]) -> None:
    counted = Counter(operation["operationId"] for _, _, operation in operations(merged))

    assert [name for name, times in counted.items() if times > 1] == []


def test_every_reference_leads_somewhere(merged: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in merged["components"]["schemas"]}

    assert set(references(merged)) - known == set()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def test_every_documented_refusal_has_a_page(merged: dict[str, Any]) -> None:
    pages = {problem["code"] for problem in merged["x-problems"]}
    answered = {
        problem["code"]
        for _, _, operation in operations(merged)
        for response in operation["responses"].values()
        for problem in response.get("x-problems", [])
    }

    assert answered - pages == set()


def test_every_operation_says_what_it_does_and_belongs_to_a_service(merged: dict[str, Any]) -> None:
    names = {tag["name"] for tag in merged["tags"]}
    silent = [
        f"{verb} {path}"
        for verb, path, operation in operations(merged)
        if not operation.get("description") or set(operation["tags"]) - names or not operation.get("x-service")
    ]

    assert silent == []


def test_every_security_requirement_names_a_known_scheme_and_scope(merged: dict[str, Any]) -> None:
    schemes = merged["components"]["securitySchemes"]
    scopes = set(schemes["oauth2"]["flows"]["clientCredentials"]["scopes"])
    for _, path, operation in operations(merged):
        for requirement in operation.get("security", []):
            assert set(requirement) <= set(schemes), path
            assert set(requirement.get("oauth2", [])) <= scopes, path


def test_every_event_stands_in_the_asyncapi_document() -> None:
    document = asyncapi.merged({service.name: asyncapi_document(service) for service in SERVICES})

    published = {event.event_type for service in SERVICES for event in service.events}
    assert set(document["channels"]) == published
    assert len(document["components"]["messages"]) == len(published)
