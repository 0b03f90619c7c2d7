"""Bring the stored keys into the ring of the running service."""

from datetime import datetime
from typing import Any

import orjson
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import Row

from chassis.db.transaction import Reader
from identity.keys import store
from identity.keys.ring import KeyRing, SigningKey
from identity.keys.rules import is_published
from identity.keys.vault import Vault


async def load_keys(reader: Reader, ring: KeyRing, vault: Vault, *, now: datetime) -> None:
    """Read all keys; sign with the active ones, publish and verify with the others. Raises WrongKeyFile."""
    rows = await store.all_keys(reader)
    ring.replace(
        signing=[_opened(row, vault) for row in rows if row.state == "active"],
        public={row.kid: row.public_jwk for row in rows if is_published(row.state, row.retired_at, now=now)},
        known={row.kid: row.public_jwk for row in rows},
    )


def _opened(row: Row[Any], vault: Vault) -> SigningKey:
    jwk = orjson.loads(vault.open(row.sealed_private_jwk, name=row.kid))
    key = ECKey.import_key(jwk) if jwk["kty"] == "EC" else RSAKey.import_key(jwk)
    return SigningKey(kid=row.kid, algorithm=row.algorithm, key=key)
