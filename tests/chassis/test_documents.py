"""The generated documents: OpenAPI and AsyncAPI."""

from chassis.http.asyncapi import asyncapi_document
from tests.chassis.sample.main import service
from tests.harness.service import RunningService


async def test_openapi_tells_scopes_problems_and_the_idempotency_key(sample: RunningService) -> None:
    async with sample.anonymous() as nobody:
        document = (await nobody.get("/openapi.json")).json()

    operation = document["paths"]["/api/v1/counters/{name}/raise"]["post"]
    assert document["openapi"].startswith("3.1")
    assert operation["security"] == [{"session": []}, {"oauth2": ["counters:write"]}]
    assert "application/problem+json" in operation["responses"]["409"]["content"]
    assert {"400", "401", "403", "422", "503"} <= set(operation["responses"])
    assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]
    assert "counter-too-high" in [problem["code"] for problem in document["x-problems"]]


def test_asyncapi_names_every_event_with_its_schema() -> None:
    document = asyncapi_document(service)

    message = document["components"]["messages"]["sample_counter_raised_v1"]
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {"sample.counter.raised.v1"}
    assert message["payload"]["properties"]["data"]["properties"]["value"]["type"] == "integer"
