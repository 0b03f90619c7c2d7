"""Several documents become one that is true of the public origin."""

from typing import Any

from gateway.apidocs import asyncapi
from gateway.apidocs.openapi import merged
from gateway.apidocs.problems import find

PUBLIC = "https://portal.example"
PROBLEMS = [{"code": "not-found", "title": "There is no such thing", "status": 404, "description": "Or not yours."}]


def document(path: str, schema: Any, *, operation: str = "list_things", title: str = "Shop") -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Page"}}
    refusal = {"description": "No", "x-problems": [{"code": "not-found", "title": "There is no such thing"}]}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "description": "About it."},
        "paths": {
            path: {
                "get": {
                    "operationId": operation,
                    "tags": ["things"],
                    "security": [{"session": []}, {"oauth2": ["orders:read"]}],
                    "responses": {"200": {"content": {"application/json": reference}}, "404": refusal},
                }
            }
        },
        "components": {
            "schemas": {"Page": {"properties": {"item": {"$ref": "#/components/schemas/Item"}}}, "Item": schema},
            "securitySchemes": {
                "oauth2": {"flows": {"clientCredentials": {"tokenUrl": "http://inner", "scopes": {"orders:read": "x"}}}}
            },
        },
        "x-problems": PROBLEMS,
    }


def test_operation_ids_are_unique() -> None:
    both = {
        "shop": document("/api/v1/orders", {"type": "string"}),
        "licensing": document("/api/v1/licenses", {"type": "string"}),
    }

    paths = merged(both, public_url=PUBLIC)["paths"]

    assert paths["/api/v1/orders"]["get"]["operationId"] == "shop_list_things"
    assert paths["/api/v1/licenses"]["get"]["operationId"] == "licensing_list_things"


def test_schemas_that_mean_the_same_are_shared() -> None:
    both = {
        "shop": document("/api/v1/orders", {"type": "string"}),
        "licensing": document("/api/v1/licenses", {"type": "string"}),
    }

    assert set(merged(both, public_url=PUBLIC)["components"]["schemas"]) == {"Page", "Item"}


def test_schemas_that_mean_something_else_are_kept_apart_with_all_that_refers_to_them() -> None:
    both = {
        "shop": document("/api/v1/orders", {"type": "string"}),
        "licensing": document("/api/v1/licenses", {"type": "integer"}),
    }

    whole = merged(both, public_url=PUBLIC)

    assert set(whole["components"]["schemas"]) == {"ShopPage", "ShopItem", "LicensingPage", "LicensingItem"}
    answer = whole["paths"]["/api/v1/licenses"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/LicensingPage"
    page = whole["components"]["schemas"]["LicensingPage"]
    assert page["properties"]["item"]["$ref"] == "#/components/schemas/LicensingItem"


def test_what_the_gateway_does_not_route_is_not_documented() -> None:
    odd = {
        "shop": document("/internal/things", {}),
        "licensing": document("/api/v1/orders", {}),
    }

    assert merged(odd, public_url=PUBLIC)["paths"] == {}


def test_operations_are_tagged_with_their_service() -> None:
    whole = merged({"shop": document("/api/v1/orders", {})}, public_url=PUBLIC)

    assert whole["paths"]["/api/v1/orders"]["get"]["tags"] == ["Shop · things"]
    assert whole["tags"] == [{"name": "Shop · things", "description": ""}]


def test_tokens_are_fetched_at_the_public_origin() -> None:
    whole = merged({"shop": document("/api/v1/orders", {})}, public_url=PUBLIC)

    schemes = whole["components"]["securitySchemes"]
    assert schemes["oauth2"]["flows"]["clientCredentials"]["tokenUrl"] == f"{PUBLIC}/oauth2/token"
    assert schemes["oauth2"]["flows"]["clientCredentials"]["scopes"] == {"orders:read": "x"}
    assert schemes["openIdConnect"]["openIdConnectUrl"] == f"{PUBLIC}/.well-known/openid-configuration"
    assert schemes["session"]["name"] == "__Host-gw"
    assert {"openIdConnect": ["orders:read"]} in whole["paths"]["/api/v1/orders"]["get"]["security"]
    assert whole["servers"] == [{"url": PUBLIC}]


def test_every_refusal_shows_an_example_whose_type_leads_to_a_page() -> None:
    whole = merged({"shop": document("/api/v1/orders", {})}, public_url=PUBLIC)

    refusal = whole["paths"]["/api/v1/orders"]["get"]["responses"]["404"]["content"]["application/problem+json"]
    assert refusal["examples"]["not-found"]["value"]["type"] == f"{PUBLIC}/problems/not-found"
    found = find(whole, "not-found", PUBLIC)
    assert found
    assert found["operations"] == ["GET /api/v1/orders"]
    assert find(whole, "made-up", PUBLIC) is None


def test_events_of_all_services_stand_in_one_document() -> None:
    def events(name: str) -> dict[str, Any]:
        return {
            "channels": {f"{name}.thing.done.v1": {"address": f"{name}.thing.done.v1"}},
            "operations": {f"publish_{name}": {"action": "send"}},
            "components": {"messages": {f"{name}_message": {}}},
        }

    whole = asyncapi.merged({"shop": events("shop"), "identity": events("identity")})

    assert whole["asyncapi"] == "3.0.0"
    assert list(whole["channels"]) == ["identity.thing.done.v1", "shop.thing.done.v1"]
    assert whole["channels"]["shop.thing.done.v1"]["tags"] == [{"name": "shop"}]
    assert len(whole["operations"]) == len(whole["components"]["messages"]) == 2
