"""Completes FastAPI's document: who may call, what every route may answer, problem types as data."""

from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic.json_schema import models_json_schema

from chassis.http.problems import MEDIA_TYPE, Problem
from chassis.kernel.errors import BusinessError
from chassis.service import Service

ALWAYS = {
    "400": ("malformed-request", "The request cannot be read"),
    "401": ("not-signed-in", "Sign in first"),
    "403": ("lacks-scope", "Your access does not cover this"),
    "422": ("invalid-input", "Some of the input cannot be used"),
    "429": ("too-many-requests", "Too many requests"),
    "503": ("unavailable", "This is not available at the moment"),
}


def complete_openapi(app: FastAPI, service: Service) -> None:
    """Replace `app.openapi` by one that adds security, problems and tags; built once."""
    stock = app.openapi
    building = Lock()
    built: list[dict[str, Any]] = []

    def document() -> dict[str, Any]:
        with building:  # the start builds it in a thread; nobody may see FastAPI's half of it meanwhile
            if not built:
                built.append(_completed(stock(), app, service))
            return built[0]

    app.openapi = document  # type: ignore[method-assign]


def _completed(schema: dict[str, Any], app: FastAPI, service: Service) -> dict[str, Any]:
    components = schema.setdefault("components", {})
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    components.setdefault("schemas", {}).update(definitions["$defs"])
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    public_url = app.state.runtime.platform.public_url if app.state.runtime else ""
    components["securitySchemes"] = _security_schemes(public_url)
    scopes = _scopes_by_route(app)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            _complete_operation(operation, scopes.get((path, method.upper())), method)
    schema["x-problems"] = [
        {
            "code": error.code,
            "title": error.title,
            "status": error.status,
            "description": (error.__doc__ or "").strip(),
        }
        for error in sorted(_errors_of(service), key=lambda error: error.code)
    ]
    return schema


def _complete_operation(operation: dict[str, Any], scopes: tuple[str, ...] | None, method: str) -> None:
    if scopes is not None:
        operation["security"] = [{"session": []}, {"oauth2": list(scopes)}]
        if scopes:
            operation["description"] = (
                f"{operation.get('description', '')}\n\nScope: `{'` or `'.join(scopes)}`.".strip()
            )
    responses = operation.setdefault("responses", {})
    for status, (code, title) in ALWAYS.items():
        if scopes is None and status in ("401", "403"):
            continue
        known = responses.get(status)
        if known is None or "HTTPValidationError" in str(known):
            responses[status] = {
                "description": title,
                "x-problems": [{"code": code, "title": title}],
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
    for response in responses.values():
        content = response.get("content", {})
        if response.get("x-problems") and "application/json" in content:
            content.pop("application/json")
    if method == "post":
        operation.setdefault("parameters", []).append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
                "description": "The same key and body get the first answer again.",
            }
        )


def _scopes_by_route(app: FastAPI) -> dict[tuple[str, str], tuple[str, ...] | None]:
    """The scopes that each path and method asks for; None where anybody may call."""
    found: dict[tuple[str, str], tuple[str, ...] | None] = {}
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute):
            for method in route.original_route.methods:
                found[route.path_format or "", method] = _scopes(route.original_route.dependant)
    return found


def _scopes(dependant: Any) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = None
    pending = [dependant]
    while pending:
        current = pending.pop()
        call: Any = current.call
        if hasattr(call, "scopes"):
            return tuple(call.scopes)
        if getattr(call, "__name__", "") == "caller":
            found = ()
        pending += current.dependencies
    return found


def _errors_of(service: Service) -> list[type[BusinessError]]:
    """The service's own refusals and the chassis's, those of pages only where it has pages.

    What else is loaded in the same process (other services, in tests) does not count.
    """

    def is_ours(module: str) -> bool:
        if module.startswith("chassis.pages."):
            return bool(service.pages)
        return any(module == package or module.startswith(f"{package}.") for package in ("chassis", service.package))

    return [error for error in _all_errors(BusinessError) if is_ours(error.__module__)]


def _all_errors(root: type[BusinessError]) -> set[type[BusinessError]]:
    found: set[type[BusinessError]] = set()
    for child in root.__subclasses__():
        found |= {child} | _all_errors(child)
    return found


def _security_schemes(public_url: str) -> dict[str, Any]:
    return {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "gw",
            "description": "The gateway's session cookie.",
        },
        "oauth2": {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {"tokenUrl": f"{public_url}/oauth2/token", "scopes": SCOPES},
                "authorizationCode": {
                    "authorizationUrl": f"{public_url}/oauth2/authorize",
                    "tokenUrl": f"{public_url}/oauth2/token",
                    "scopes": SCOPES,
                },
            },
        },
    }


SCOPES = {
    "catalog:read": "Products and prices of the organization's region",
    "orders:read": "Orders, invoices, wish list, subscriptions",
    "orders:write": "Place orders and change subscriptions",
    "payment_methods:write": "Payment methods",
    "licenses:read": "Licenses, seats and assignments",
    "licenses:write": "Assign, change and revoke licenses",
    "entitlements:read": "Check entitlements",
    "members:read": "Members and invitations",
    "members:write": "Invite, change and remove members",
    "webhooks:write": "Webhook endpoints",
    "operator:read": "Everything marked operator, reading",
    "operator:write": "Everything marked operator, writing",
}
