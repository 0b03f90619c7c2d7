"""A partner that listens, and an owner who manages its endpoint."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.harness.service import RunningService
from tests.notifications.webhooks.receiver import Partner, running_partner


@pytest.fixture
async def partner() -> AsyncIterator[Partner]:
    """A partner's system."""
    async with running_partner() as running_one:
        yield running_one


@pytest.fixture
async def owner(notifications: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    """The owner of organization org_1."""
    async with notifications.client(scopes="webhooks:write", org="org_1", email="owner@garage.example") as client:
        yield client
