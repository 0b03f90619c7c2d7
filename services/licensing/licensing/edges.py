"""The service's own parts that live as long as the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis.runtime import Runtime
from licensing.entitlements.check import Checker
from licensing.entitlements.proof import ProofSigner, proof_signer


@dataclass(frozen=True, slots=True)
class Edges:
    """What routes find in `runtime.edges`."""

    checker: Checker
    signer: ProofSigner


@asynccontextmanager
async def edges(runtime: Runtime) -> AsyncIterator[Edges]:
    """Open them."""
    async with proof_signer(runtime) as signer:
        yield Edges(checker=Checker(runtime.database), signer=signer)
