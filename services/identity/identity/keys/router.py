"""Signing keys, for operators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader
from chassis.http.dependencies import Read, Run, requires
from identity.audit.record import record
from identity.keys import store
from identity.keys.load import load_keys
from identity.keys.rotate import rotate
from identity.keys.rules import is_published
from identity.keys.schemas import SigningKeys, SigningKeyView

router = APIRouter(tags=["Signing keys (operators)"])


@router.get("/signing-keys")
async def list_signing_keys(
    reader: Read, run: Run, _: Annotated[Principal, requires("operator:read", "operator:write")]
) -> SigningKeys:
    """All signing keys, the oldest first: the active one signs, the next one waits, the retired ones verify."""
    return await _all(reader, run.edges.real_clock.now())


@router.post("/signing-keys/rotate")
async def rotate_signing_keys(run: Run, _: Annotated[Principal, requires("operator:write")]) -> SigningKeys:
    """Let the next keys sign from now on. The retired ones stay published while their tokens live."""
    edges = run.edges
    now = edges.real_clock.now()
    async with run.database.transaction() as tx:
        await rotate(tx, edges.vault, now=now)
        await record(tx, "signing_keys.rotated", "signing-keys")
    async with run.database.read() as reader:
        await load_keys(reader, edges.keys, edges.vault, now=now)
        return await _all(reader, now)


async def _all(reader: Reader, now: datetime) -> SigningKeys:
    items = [
        SigningKeyView(
            kid=key.kid,
            algorithm=key.algorithm,
            state=key.state,
            published=is_published(key.state, key.retired_at, now=now),
            created_at=key.created_at,
            activated_at=key.activated_at,
            retired_at=key.retired_at,
        )
        for key in await store.all_keys(reader)
    ]
    return SigningKeys(items=items, next_cursor=None)
