"""Signing keys, for operators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader
from chassis.http.dependencies import Read, Run, requires
from chassis.http.pages import Page, PageParams, PageQuery, page_of_items
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from identity.audit.record import record
from identity.keys import store
from identity.keys.load import load_keys
from identity.keys.rotate import rotate
from identity.keys.rules import is_published
from identity.keys.schemas import SigningKeyView

router = APIRouter(tags=["Signing keys (operators)"])


@router.get("/signing-keys", responses=problems(Invalid))
async def list_signing_keys(
    reader: Read, run: Run, page: PageQuery, _: Annotated[Principal, requires("operator:read", "operator:write")]
) -> Page[SigningKeyView]:
    """All signing keys, the oldest first: the active one signs, the next one waits, the retired ones verify."""
    return page_of_items(await _all(reader, run.edges.real_clock.now()), page)


@router.post("/signing-keys/rotate")
async def rotate_signing_keys(run: Run, _: Annotated[Principal, requires("operator:write")]) -> Page[SigningKeyView]:
    """Let the next keys sign from now on. The retired ones stay published while their tokens live."""
    edges = run.edges
    now = edges.real_clock.now()
    async with run.database.transaction() as tx:
        await rotate(tx, edges.vault, now=now)
        await record(tx, "signing_keys.rotated", "signing-keys")
    async with run.database.read() as reader:
        await load_keys(reader, edges.keys, edges.vault, now=now)
        return page_of_items(await _all(reader, now), PageParams(limit=200, cursor=None))


async def _all(reader: Reader, now: datetime) -> list[SigningKeyView]:
    return [
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
