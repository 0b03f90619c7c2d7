"""Authorization requests that wait: for the client to open them, or for the person to sign in and agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Reader
from identity.oauth import store
from identity.oauth.parameters import Parameters
from identity.oauth.rules import INTERACTION_LIFE, PUSHED_REQUEST_LIFE, Progress
from identity.oauth.tokens import PUSHED_REQUEST, digest_of, new_secret

LONGEST_REFERENCE = 200
RESOURCES = "resource"


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A stored request; `account_id` is the person whose choices are noted."""

    digest: str
    client_id: str
    parameters: Parameters
    pushed_digest: str | None
    account_id: str | None
    is_account_chosen: bool
    is_consented: bool
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> "WaitingRequest":
        """The request that a row tells of."""
        stored = dict(row.parameters)
        resources = tuple(stored.pop(RESOURCES, ()))
        values = {name: row._mapping[name] for name in cls.__slots__ if name != "parameters"}
        return cls(**values, parameters=Parameters(stored, resources))

    def is_open(self, now: datetime) -> bool:
        """Whether it still waits for its answer."""
        return self.used_at is None and now < self.expires_at

    def progress_of(self, account_id: str | None) -> Progress:
        """What the person did meanwhile; choices of somebody else do not count."""
        theirs = account_id is not None and self.account_id == account_id
        return Progress(
            started_at=self.created_at,
            is_account_chosen=theirs and self.is_account_chosen,
            is_consented=theirs and self.is_consented,
        )


async def push(reader: Reader, *, client_id: str, parameters: Parameters, now: datetime) -> str:
    """Keep a request that the client pushed; the `request_uri` to open it with (RFC 9126 §2.2)."""
    reference = new_secret(PUSHED_REQUEST)
    await _insert(reader, reference, "pushed", client_id, parameters, now=now, expires_at=now + PUSHED_REQUEST_LIFE)
    return reference


async def wait(
    reader: Reader, *, client_id: str, parameters: Parameters, pushed_digest: str | None, now: datetime
) -> str:
    """Keep a request while its person signs in or agrees; the reference that the pages carry along."""
    reference = new_secret()
    await _insert(
        reader,
        reference,
        "interaction",
        client_id,
        parameters,
        now=now,
        expires_at=now + INTERACTION_LIFE,
        pushed_digest=pushed_digest,
    )
    return reference


async def find_pushed(reader: Reader, reference: str) -> WaitingRequest | None:
    """The pushed request behind a `request_uri`."""
    return await _find(reader, reference, "pushed") if reference.startswith(PUSHED_REQUEST) else None


async def find_interaction(reader: Reader, reference: str | None) -> WaitingRequest | None:
    """The request that waits for its person."""
    return await _find(reader, reference, "interaction") if reference else None


async def note(reader: Reader, waiting: WaitingRequest, account_id: str, **progress: bool) -> None:
    """Remember what the person chose; what another person chose before is forgotten."""
    fresh = {"is_account_chosen": False, "is_consented": False} if waiting.account_id != account_id else {}
    values: Mapping[str, Any] = {**fresh, "account_id": account_id, **progress}
    await store.update_request(reader, digest=waiting.digest, values=values)


async def _find(reader: Reader, reference: str, kind: str) -> WaitingRequest | None:
    if len(reference) > LONGEST_REFERENCE:
        return None
    row = await store.find_request(reader, digest=digest_of(reference), kind=kind)
    return None if row is None else WaitingRequest.of(row)


async def _insert(
    reader: Reader, reference: str, kind: str, client_id: str, parameters: Parameters, **values: Any
) -> None:
    now = values.pop("now")
    stored = {**parameters, **({RESOURCES: list(parameters.resources)} if parameters.resources else {})}
    await store.insert_request(
        reader,
        values={
            "digest": digest_of(reference),
            "kind": kind,
            "client_id": client_id,
            "parameters": stored,
            "created_at": now,
            **values,
        },
    )
