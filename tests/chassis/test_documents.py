"""The generated documents: OpenAPI and AsyncAPI."""

from concurrent.futures import ThreadPoolExecutor

from chassis.http.app import create_app
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


def test_openapi_is_whole_for_everybody_who_asks_while_it_is_built() -> None:
    app = create_app(service)

    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(lambda _: app.openapi(), range(16)))

    assert all("x-problems" in document for document in documents)
    assert len({id(document) for document in documents}) == 1


def test_asyncapi_names_every_event_with_its_schema() -> None:
    document = asyncapi_document(service)

    message = document["components"]["messages"]["sample_counter_raised_v1"]
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {"sample.counter.raised.v1"}
    assert message["payload"]["properties"]["data"]["properties"]["value"]["type"] == "integer"
