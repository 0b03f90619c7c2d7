"""Signing keys in the database."""

from datetime import datetime
from typing import Any

import orjson
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import Row, delete, insert, select, text, update

from chassis.db.transaction import Reader, Transaction
from identity.keys.models import signing_keys
from identity.keys.vault import Vault

RSA_BITS = 2048
ROTATION_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('identity.signing_keys'))")


async def lock(tx: Transaction) -> None:
    """Let one rotation happen at a time."""
    await tx.execute(ROTATION_LOCK)


async def all_keys(reader: Reader) -> list[Row[Any]]:
    """Every key that is kept, the oldest first."""
    return await reader.all(select(signing_keys).order_by(signing_keys.c.created_at, signing_keys.c.kid))


async def insert_new(tx: Transaction, vault: Vault, *, algorithm: str, state: str, now: datetime) -> None:
    """Make a key pair and store it sealed."""
    key = _generate(algorithm)
    kid = key.thumbprint()[:16]
    public = {**key.as_dict(private=False), "kid": kid, "alg": algorithm, "use": "sig"}
    await tx.execute(
        insert(signing_keys).values(
            kid=kid,
            algorithm=algorithm,
            state=state,
            public_jwk=public,
            sealed_private_jwk=vault.seal(orjson.dumps(key.as_dict(private=True)), name=kid),
            created_at=now,
            activated_at=now if state == "active" else None,
        )
    )


async def advance(tx: Transaction, *, algorithm: str, now: datetime) -> None:
    """Retire the active key and let the next one sign."""
    of_algorithm = signing_keys.c.algorithm == algorithm
    await tx.execute(
        update(signing_keys)
        .where(of_algorithm, signing_keys.c.state == "active")
        .values(state="retired", retired_at=now)
    )
    await tx.execute(
        update(signing_keys)
        .where(of_algorithm, signing_keys.c.state == "next")
        .values(state="active", activated_at=now)
    )


async def remove(tx: Transaction, *, kids: list[str]) -> None:
    """Forget keys for good."""
    await tx.execute(delete(signing_keys).where(signing_keys.c.kid.in_(kids)))


def _generate(algorithm: str) -> ECKey | RSAKey:
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", private=True, auto_kid=False)
    return RSAKey.generate_key(RSA_BITS, private=True, auto_kid=False)
