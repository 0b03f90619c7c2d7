"""The shop with the sample catalogue, and the sample export of forty customers."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shop.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.shop.transfers.in_memory import SAMPLES


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(
    databases: Databases, nats_server: LocalNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """The running shop, its catalogue filled."""
    platform = {"data_dir": tmp_path_factory.mktemp("shop")}
    async with running(service, databases, nats_server, platform=platform) as started:
        await fill_catalogue(started)
        yield started


async def fill_catalogue(shop: RunningService) -> None:
    """Open the regions, products and prices of the sample catalogue, as an operator does."""
    sample = json.loads((SAMPLES / "catalogue.json").read_text())
    async with shop.operator() as operator:
        for region in sample["regions"]:
            await _accepted(operator.post("/api/v1/regions", json=region))
        for product in sample["products"]:
            await _accepted(operator.post("/api/v1/products", json=product))
        for price in sample["prices"]:
            body = {
                "product_code": price["product"],
                "region": price["region"],
                "interval": price["interval"],
                "amount": {"amount": price["amount"], "currency": price["currency"]},
                "valid_from": price["valid_from"],
            }
            await _accepted(operator.post("/api/v1/prices", json=body))


async def _accepted(response) -> None:
    answer = await response
    assert answer.is_success, answer.text
