"""One OpenAPI 3.1 document out of those of the services, as a caller from outside sees them."""

from collections import Counter
from typing import Any

from gateway.apidocs.schemas import conflicts, own_name, renamed
from gateway.routes import route_of

Document = dict[str, Any]

VERBS = ("get", "put", "post", "delete", "patch", "head", "options")
PROBLEM = "application/problem+json"
INTRODUCTION = """\
Everything that the pages do, for front ends and integrations.

**Who calls.** Front ends of this origin use the session cookie and send `X-CSRF: 1` with every call that changes
something. Integrations send `Authorization: Bearer …` with an access token of their OAuth client
(`client_credentials` at `/oauth2/token`, or authorization code for people). To try operations here, press
*Authorize* and fill in the id and secret of a client; the session of this browser works as well.

**Conventions.** Ids are typed and sortable. Money is `{"amount": 12900, "currency": "EUR"}` in minor units. Instants
are RFC 3339 in UTC, days `YYYY-MM-DD` in the organization's time zone. Lists take `limit` and `cursor`. Every POST
takes `Idempotency-Key`. Refusals are problems (RFC 9457), each with a page under `/problems`.
"""


def merged(documents: dict[str, Document], *, public_url: str) -> Document:
    """The document of everything that can be reached through the gateway.

    Operation ids are unique, every operation is tagged with its service, schemas that mean different things have
    different names, and tokens are fetched at the public origin.
    """
    clashing = conflicts({service: _schemas(document) for service, document in documents.items()})
    doubled = _doubled_ids(documents)
    paths: Document = {}
    schemas: Document = {}
    tags: list[Document] = []
    for service, document in documents.items():
        names = clashing[service]
        for name, schema in _schemas(document).items():
            schemas[own_name(service, name) if name in names else name] = renamed(schema, service, names)
        title = service.capitalize()
        used: set[str] = set()
        for path, item in document.get("paths", {}).items():
            if _is_reachable(service, path):
                paths[path] = renamed(_path_item(item, service, title, doubled, used, public_url), service, names)
        tags += _tags(document, title, used)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Portico", "version": "1.0.0", "description": INTRODUCTION},
        "servers": [{"url": public_url}],
        "tags": tags,
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": _security(documents, public_url)},
        "x-problems": problem_types(documents),
    }


def problem_types(documents: dict[str, Document]) -> list[Document]:
    """Every type of problem that anything answers, by code."""
    known: dict[str, Document] = {}
    for document in documents.values():
        for problem in document.get("x-problems", []):
            known.setdefault(problem["code"], problem)
    return [known[code] for code in sorted(known)]


def _is_reachable(service: str, path: str) -> bool:
    route = route_of(path)
    return service == "gateway" if route is None else route.service == service


def _schemas(document: Document) -> Document:
    schemas: Document = document.get("components", {}).get("schemas", {})
    return schemas


def _doubled_ids(documents: dict[str, Document]) -> set[str]:
    counted = Counter(
        operation.get("operationId")
        for service, document in documents.items()
        for path, item in document.get("paths", {}).items()
        if _is_reachable(service, path)
        for verb, operation in item.items()
        if verb in VERBS
    )
    return {operation_id for operation_id, times in counted.items() if operation_id and times > 1}


def _path_item(
    item: Document, service: str, title: str, doubled: set[str], used: set[str], public_url: str
) -> Document:
    return {
        verb: _operation(operation, service, title, doubled, used, public_url) if verb in VERBS else operation
        for verb, operation in item.items()
    }


def _operation(
    operation: Document, service: str, title: str, doubled: set[str], used: set[str], public_url: str
) -> Document:
    tag = tag_of(title, next(iter(operation.get("tags", [])), ""))
    used.add(tag)
    completed = operation | {"tags": [tag], "x-service": service}
    if operation.get("operationId") in doubled:
        completed["operationId"] = f"{service}_{operation['operationId']}"
    if operation.get("security"):
        completed["security"] = _with_openid(operation["security"])
    completed["responses"] = {
        status: _with_examples(response, status, public_url)
        for status, response in operation.get("responses", {}).items()
    }
    return completed


def tag_of(title: str, tag: str) -> str:
    """`Shop`, `orders` -> `Shop · orders`."""
    return f"{title} · {tag}" if tag and tag.lower() != title.lower() else title


def _tags(document: Document, title: str, used: set[str]) -> list[Document]:
    about = {tag_of(title, tag["name"]): tag.get("description", "") for tag in document.get("tags", [])}
    about.setdefault(title, document.get("info", {}).get("description", ""))
    return [{"name": tag, "description": about.get(tag, "")} for tag in sorted(used)]


def _with_openid(security: list[Document]) -> list[Document]:
    """Whoever may call with OAuth may do so by OpenID Connect discovery too."""
    scopes = next((needed["oauth2"] for needed in security if "oauth2" in needed), None)
    return security if scopes is None else [*security, {"openIdConnect": scopes}]


def _with_examples(response: Document, status: str, public_url: str) -> Document:
    """A problem response shows one example for each type of problem it stands for."""
    types = response.get("x-problems")
    if not types or not status.isdigit():
        return response
    examples = {
        problem["code"]: {"summary": problem["title"], "value": example_of(problem, int(status), public_url)}
        for problem in types
    }
    content = response.get("content", {})
    media = {"schema": {"$ref": "#/components/schemas/Problem"}} | content.get(PROBLEM, {}) | {"examples": examples}
    return response | {"content": content | {PROBLEM: media}}


def example_of(problem: Document, status: int, public_url: str) -> Document:
    """What such a problem looks like on the wire."""
    return {
        "type": f"{public_url}/problems/{problem['code']}",
        "title": problem["title"],
        "status": status,
        "detail": f"{problem['title']}.",
        "instance": "urn:request:req_01k9w2v6q4f0h8m3n5p7r9s1t3",
    }


def _security(documents: dict[str, Document], public_url: str) -> Document:
    """How callers prove who they are: always at the public origin."""
    scopes: dict[str, str] = {}
    for document in documents.values():
        oauth2 = document.get("components", {}).get("securitySchemes", {}).get("oauth2", {})
        for flow in oauth2.get("flows", {}).values():
            scopes |= flow.get("scopes", {})
    token_url = f"{public_url}/oauth2/token"
    return {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-gw" if public_url.startswith("https:") else "gw",
            "description": "The session of a signed-in browser; calls that change something send `X-CSRF: 1` too.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "OAuth clients: integrations and operators by client credentials, people by code and PKCE.",
            "flows": {
                "clientCredentials": {"tokenUrl": token_url, "scopes": scopes},
                "authorizationCode": {
                    "authorizationUrl": f"{public_url}/oauth2/authorize",
                    "tokenUrl": token_url,
                    "refreshUrl": token_url,
                    "scopes": scopes,
                },
            },
        },
        "openIdConnect": {
            "type": "openIdConnect",
            "openIdConnectUrl": f"{public_url}/.well-known/openid-configuration",
        },
    }
