"""The double of Stripe, both providers behind the port, and a shop that uses Stripe."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from shop.main import service
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.harness.stripe_double import API_KEY, WEBHOOK_SECRET, StripeDouble, running_stripe
from tests.shop.builders import open_market
from tests.shop.payments.banks import Bank, SandboxBank, StripeBank


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stripe() -> AsyncIterator[StripeDouble]:
    """The other end of the line."""
    async with running_stripe() as double:
        yield double


@pytest_asyncio.fixture(loop_scope="session")
async def stripe_bank(stripe: StripeDouble) -> AsyncIterator[StripeBank]:
    """The adapter of Stripe, which waits for half a second only."""
    async with httpx.AsyncClient() as http:
        yield StripeBank(stripe, http, timeout=0.5)


@pytest.fixture(params=["sandbox", "stripe"])
def bank(request: pytest.FixtureRequest, shop: RunningService, stripe_bank: StripeBank) -> Bank:
    """One provider after the other."""
    return SandboxBank(shop) if request.param == "sandbox" else stripe_bank


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stripe_shop(
    databases: Databases, nats_server: LocalNats, stripe: StripeDouble, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """A shop whose customers pay through Stripe."""
    data_dir: Path = tmp_path_factory.mktemp("stripe-shop")
    settings = {
        "payment_provider": "stripe",
        "stripe_api_key": API_KEY,
        "stripe_publishable_key": "pk_test_double",
        "stripe_webhook_secret": WEBHOOK_SECRET,
        "stripe_api_url": stripe.url,
    }
    async with running(service, databases, nats_server, settings=settings, platform={"data_dir": data_dir}) as started:
        await open_market(started)
        yield started
