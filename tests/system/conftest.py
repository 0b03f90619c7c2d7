"""One whole platform with its demo for all stories."""

from collections.abc import Iterator

import pytest

from tests.harness.platform import Platform, running_platform


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """A running platform."""
    with running_platform() as started:
        yield started
