"""The tables that every service has: outbox, inbox, parked events, jobs, answers by idempotency key."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.base import timestamp


@dataclass(frozen=True)
class ChassisTables:
    """The kit's tables inside one service's metadata."""

    outbox: Table
    event_sequences: Table
    inbox: Table
    dead_letters: Table
    jobs: Table
    idempotency_keys: Table


def chassis_tables(metadata: MetaData) -> ChassisTables:
    """Add the kit's tables to a service's metadata; asked again, answers the same ones."""
    known = metadata.info.get("chassis")
    if known is None:
        known = metadata.info["chassis"] = ChassisTables(
            outbox=_outbox(metadata),
            event_sequences=_event_sequences(metadata),
            inbox=_inbox(metadata),
            dead_letters=_dead_letters(metadata),
            jobs=_jobs(metadata),
            idempotency_keys=_idempotency_keys(metadata),
        )
    return known


def _outbox(metadata: MetaData) -> Table:
    return Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("envelope", LargeBinary, nullable=False),
        timestamp("created_at", server_default=text("now()")),
        Column("attempts", Integer, nullable=False, server_default="0"),
        timestamp("next_attempt_at", nullable=True),
        timestamp("published_at", nullable=True),
        Column("stream_seq", BigInteger),
        Column("last_error", Text),
        Index("outbox_pending_idx", "seq", postgresql_where=text("published_at IS NULL")),
        Index("outbox_stream_seq_idx", "stream_seq", postgresql_where=text("published_at IS NOT NULL")),
        Index("outbox_subject_idx", "subject"),
    )


def _event_sequences(metadata: MetaData) -> Table:
    return Table(
        "event_sequences",
        metadata,
        Column("subject", Text, primary_key=True),
        Column("last", BigInteger, nullable=False),
    )


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event_id", Text, primary_key=True),
        timestamp("received_at", server_default=text("now()")),
        Index("inbox_received_at_idx", "received_at", postgresql_using="brin"),
    )


def _dead_letters(metadata: MetaData) -> Table:
    return Table(
        "dead_letters",
        metadata,
        Column("id", Text, primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("event_id", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("envelope", LargeBinary, nullable=False),
        Column("error", Text, nullable=False),
        Column("deliveries", Integer, nullable=False),
        timestamp("parked_at", server_default=text("now()")),
        Column("state", Text, nullable=False, server_default="open"),
        timestamp("decided_at", nullable=True),
        Column("decided_by", Text),
        UniqueConstraint("consumer", "event_id"),
        CheckConstraint("state IN ('open', 'replayed', 'discarded')", name="state"),
    )


def _jobs(metadata: MetaData) -> Table:
    return Table(
        "jobs",
        metadata,
        Column("id", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("group", Text),
        timestamp("due_at"),
        timestamp("not_after", nullable=True),
        Column("payload", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
        Column("state", Text, nullable=False, server_default="pending"),
        Column("attempts", SmallInteger, nullable=False, server_default="0"),
        timestamp("not_before", nullable=True),
        timestamp("lease_until", nullable=True),
        Column("lease_token", Text),
        Column("last_error", Text),
        timestamp("created_at", server_default=text("now()")),
        timestamp("finished_at", nullable=True),
        UniqueConstraint("kind", "key"),
        CheckConstraint("state IN ('pending', 'running', 'done', 'skipped', 'cancelled', 'dead')", name="state"),
        Index("jobs_due_idx", "due_at", postgresql_where=text("state = 'pending'")),
        Index("jobs_lease_idx", "lease_until", postgresql_where=text("state = 'running'")),
        Index("jobs_group_idx", "group", postgresql_where=text("state = 'pending'")),
    )


def _idempotency_keys(metadata: MetaData) -> Table:
    return Table(
        "idempotency_keys",
        metadata,
        Column("owner", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        timestamp("started_at", server_default=text("now()")),
        timestamp("effect_at", nullable=True),
        Column("status", SmallInteger),
        Column("headers", JSONB),
        Column("body", LargeBinary),
        Index("idempotency_keys_started_at_idx", "started_at"),
    )
