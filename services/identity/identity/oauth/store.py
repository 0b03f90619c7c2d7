"""Authorization requests, codes and tokens in the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.db.transaction import Reader, Transaction
from identity.grants.open import OPENING
from identity.oauth.models import (
    authorization_codes,
    authorization_requests,
    grant_states,
    people,
    refresh_tokens,
    revoked_access_tokens,
    spent_proofs,
)
from identity.sessions.note_client import NOTING


async def insert_request(tx: Reader, *, values: Mapping[str, Any]) -> None:
    """Store an authorization request, pushed or waiting for a person."""
    await tx.execute(insert(authorization_requests).values(**values))


async def find_request(reader: Reader, *, digest: str, kind: str) -> Row[Any] | None:
    """A stored authorization request."""
    return await reader.first(
        select(authorization_requests).where(
            authorization_requests.c.digest == digest, authorization_requests.c.kind == kind
        )
    )


async def update_request(tx: Reader, *, digest: str, values: Mapping[str, Any]) -> None:
    """Note progress of a stored authorization request."""
    await tx.execute(
        update(authorization_requests)
        .where(authorization_requests.c.digest == digest, authorization_requests.c.used_at.is_(None))
        .values(**values)
    )


async def use_request(tx: Transaction, *, digest: str, now: datetime) -> bool:
    """Mark a stored request as answered; False when it was already."""
    row = await tx.first(
        update(authorization_requests)
        .where(authorization_requests.c.digest == digest, authorization_requests.c.used_at.is_(None))
        .values(used_at=now)
        .returning(authorization_requests.c.digest)
    )
    return row is not None


CODE_COLUMNS = (
    *("digest", "grant_id", "client_id", "redirect_uri"),
    *("code_challenge", "nonce", "dpop_thumbprint", "expires_at"),
)
INSERT_CODE = (
    insert(authorization_codes)
    .values({name: bindparam(f"code_{name}") for name in CODE_COLUMNS})
    .add_cte(OPENING.cte("opening"), NOTING.cte("noting"))
)


async def insert_code(reader: Reader, parameters: Mapping[str, Any]) -> None:
    """Store a code, its grant and the note that the client knows the session: one statement, all or nothing."""
    await reader.execute(INSERT_CODE, parameters)


GRANT_COLUMNS = (*grant_states.c, *[column for column in people.c if column.name != "account_id"])
GRANT = (
    select(*GRANT_COLUMNS)
    .join_from(grant_states, people, people.c.account_id == grant_states.c.account_id)
    .where(grant_states.c.grant_id == bindparam("grant"))
)
SPENT_CODE = (
    update(authorization_codes)
    .where(
        authorization_codes.c.digest == bindparam("code_digest"),
        authorization_codes.c.client_id == bindparam("of_client"),
        authorization_codes.c.used_at.is_(None),
    )
    .values(used_at=bindparam("now"))
    .returning(*authorization_codes.c)
    .cte("spent")
)
USE_CODE = (
    select(
        SPENT_CODE.c.redirect_uri.label("code_redirect_uri"),
        SPENT_CODE.c.code_challenge,
        SPENT_CODE.c.nonce.label("code_nonce"),
        SPENT_CODE.c.dpop_thumbprint.label("code_dpop_thumbprint"),
        SPENT_CODE.c.expires_at.label("code_expires_at"),
        *GRANT_COLUMNS,
    )
    .join_from(SPENT_CODE, grant_states, grant_states.c.grant_id == SPENT_CODE.c.grant_id)
    .join(people, people.c.account_id == grant_states.c.account_id)
)


async def use_code(reader: Reader, *, digest: str, client_id: str, now: datetime) -> Row[Any] | None:
    """Spend a code: exactly one of several attempts at the same time gets it, with its grant and person."""
    return await reader.first(USE_CODE, {"code_digest": digest, "of_client": client_id, "now": now})


async def grant_of_code(reader: Reader, *, digest: str, client_id: str) -> str | None:
    """The grant behind a code of that client, spent or not."""
    return await reader.scalar(
        select(authorization_codes.c.grant_id).where(
            authorization_codes.c.digest == digest, authorization_codes.c.client_id == client_id
        )
    )


async def insert_refresh_token(tx: Reader, *, values: Mapping[str, Any]) -> None:
    """Store a refresh token."""
    await tx.execute(insert(refresh_tokens).values(**values))


LOCK_REFRESH_TOKEN = (
    select(refresh_tokens).where(refresh_tokens.c.digest == bindparam("token_digest")).with_for_update()
)


async def lock_refresh_token(tx: Transaction, *, digest: str) -> Row[Any] | None:
    """A refresh token, nobody else deciding about it meanwhile."""
    return await tx.first(LOCK_REFRESH_TOKEN, {"token_digest": digest})


async def find_refresh_token(reader: Reader, *, digest: str) -> Row[Any] | None:
    """A refresh token as it is stored."""
    return await reader.first(select(refresh_tokens).where(refresh_tokens.c.digest == digest))


async def use_refresh_token(tx: Transaction, *, digest: str, now: datetime) -> None:
    """Mark a refresh token as rotated."""
    await tx.execute(update(refresh_tokens).where(refresh_tokens.c.digest == digest).values(used_at=now))


PERSON = select(people).where(people.c.account_id == bindparam("account"))


async def grant(reader: Reader, *, grant_id: str) -> Row[Any] | None:
    """A grant with the state of its session and its person."""
    return await reader.first(GRANT, {"grant": grant_id})


async def person(reader: Reader, *, account_id: str) -> Row[Any] | None:
    """A person with memberships."""
    return await reader.first(PERSON, {"account": account_id})


async def revoke_access_token(tx: Reader, *, jti: str, expires_at: datetime) -> None:
    """Remember that one access token is not good any more."""
    statement = upsert(revoked_access_tokens).values(jti=jti, expires_at=expires_at)
    await tx.execute(statement.on_conflict_do_nothing())


REVOCATION = exists().where(revoked_access_tokens.c.jti == bindparam("token_id"))
IS_REVOKED = select(REVOCATION)
GRANT_OF_TOKEN = GRANT.where(~REVOCATION)


async def is_access_token_revoked(reader: Reader, *, jti: str) -> bool:
    """Whether one access token was taken back."""
    return bool(await reader.scalar(IS_REVOKED, {"token_id": jti}))


async def grant_of_token(reader: Reader, *, grant_id: str, jti: str) -> Row[Any] | None:
    """The grant behind an access token, unless the token itself was taken back."""
    return await reader.first(GRANT_OF_TOKEN, {"grant": grant_id, "token_id": jti})


async def spend_proof(tx: Reader, *, issuer: str, jti: str, expires_at: datetime) -> bool:
    """Remember an assertion or proof; False when it was presented before."""
    statement = upsert(spent_proofs).values(issuer=issuer, jti=jti, expires_at=expires_at)
    row = await tx.first(statement.on_conflict_do_nothing().returning(spent_proofs.c.jti))
    return row is not None


async def forget_expired(tx: Transaction, *, now: datetime, codes_before: datetime) -> None:
    """Delete what is of no use any more. Spent codes and tokens stay a while, so that a replay is recognized."""
    await tx.execute(delete(authorization_requests).where(authorization_requests.c.expires_at < codes_before))
    await tx.execute(delete(authorization_codes).where(authorization_codes.c.expires_at < codes_before))
    await tx.execute(delete(refresh_tokens).where(refresh_tokens.c.expires_at < codes_before))
    await tx.execute(delete(revoked_access_tokens).where(revoked_access_tokens.c.expires_at < now))
    await tx.execute(delete(spent_proofs).where(spent_proofs.c.expires_at < now))
