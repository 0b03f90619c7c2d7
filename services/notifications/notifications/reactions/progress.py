"""Events may arrive late and out of order; what they say may be outdated by then."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import TextClause, text

from chassis.bus.reactions import Heard, ManyHandler
from chassis.db.transaction import Transaction
from chassis.facts import Envelope, Fact

F = TypeVar("F", bound=Fact)

ADVANCE = text(
    """
    INSERT INTO subject_progress AS p (subject, topic, sequence)
    SELECT subject, CAST(:topic AS text), sequence
    FROM unnest(CAST(:subjects AS text[]), CAST(:sequences AS bigint[])) AS told(subject, sequence) ORDER BY subject
    ON CONFLICT (subject, topic) DO UPDATE SET sequence = excluded.sequence WHERE p.sequence <= excluded.sequence
    RETURNING p.subject
    """
)
OVERTAKEN = text(
    """
    SELECT p.subject
    FROM unnest(CAST(:subjects AS text[]), CAST(:sequences AS bigint[])) AS told(subject, sequence)
    JOIN subject_progress AS p ON p.subject = told.subject AND p.topic = CAST(:topic AS text)
    WHERE p.sequence > told.sequence
    """
)


def in_rounds(handle: ManyHandler) -> ManyHandler:
    """Give `handle` no subject twice at once: a second event of a subject comes in the next round, after the first."""

    async def handle_rounds(tx: Transaction, heard: list[Heard[Fact]]) -> None:
        while heard:
            firsts: dict[str, Heard[Fact]] = {}
            for one in heard:
                firsts.setdefault(one.envelope.subject, one)
            await handle(tx, list(firsts.values()))
            heard = [one for one in heard if firsts[one.envelope.subject] is not one]

    return handle_rounds


async def newest(tx: Transaction, heard: Sequence[Heard[F]], *, topic: str) -> list[Heard[F]]:
    """The events that no newer one about the same subject and `topic` has overtaken; they are the newest now.

    No subject may occur twice (see `in_rounds`).
    """
    subjects = await _subjects(tx, ADVANCE, [one.envelope for one in heard], topic)
    return [one for one in heard if one.envelope.subject in subjects]


async def not_overtaken(tx: Transaction, heard: Sequence[Heard[F]], *, topic: str) -> list[Heard[F]]:
    """The events that no newer one about `topic` has overtaken, without taking them for the newest."""
    subjects = await _subjects(tx, OVERTAKEN, [one.envelope for one in heard], topic)
    return [one for one in heard if one.envelope.subject not in subjects]


async def is_outdated(tx: Transaction, envelope: Envelope, *, topic: str) -> bool:
    """Whether a newer event about the same subject and `topic` was seen before; if not, this is the newest now."""
    return not await _subjects(tx, ADVANCE, [envelope], topic)


async def was_overtaken(tx: Transaction, envelope: Envelope, *, topic: str) -> bool:
    """Whether a newer event about `topic` was seen, without taking this one for the newest."""
    return bool(await _subjects(tx, OVERTAKEN, [envelope], topic))


async def _subjects(tx: Transaction, statement: TextClause, told: Sequence[Envelope], topic: str) -> set[str]:
    if not told:
        return set()
    params = {
        "topic": topic,
        "subjects": [envelope.subject for envelope in told],
        "sequences": [envelope.sequence for envelope in told],
    }
    return set((await tx.execute(statement, params)).scalars())
