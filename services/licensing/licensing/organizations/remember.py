"""Keep what is known about organizations up to date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, bindparam, text

from chassis.db.transaction import Transaction
from licensing.organizations.snapshots import Organization

REMEMBER = text(
    "WITH known AS (SELECT id, time_zone FROM organizations WHERE id = ANY(CAST(:ids AS text[]))), told AS ("
    "INSERT INTO organizations AS o (id, name, locale, time_zone, country, region, noted_at) "
    "SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:locales AS text[]), "
    "CAST(:time_zones AS text[]), CAST(:countries AS text[]), CAST(:regions AS text[]), :noted_at) AS w(id) "
    'ORDER BY id COLLATE "C" ON CONFLICT (id) DO UPDATE SET '
    "name = CASE WHEN o.noted_at <= excluded.noted_at THEN excluded.name ELSE o.name END, "
    "locale = CASE WHEN o.noted_at <= excluded.noted_at THEN excluded.locale ELSE o.locale END, "
    "time_zone = CASE WHEN o.noted_at <= excluded.noted_at THEN excluded.time_zone ELSE o.time_zone END, "
    "country = CASE WHEN o.noted_at <= excluded.noted_at THEN coalesce(excluded.country, o.country) "
    "ELSE coalesce(o.country, excluded.country) END, "
    "region = CASE WHEN o.noted_at <= excluded.noted_at THEN coalesce(excluded.region, o.region) "
    "ELSE coalesce(o.region, excluded.region) END, "
    "noted_at = greatest(o.noted_at, excluded.noted_at) "
    "RETURNING id, name, locale, time_zone, country, region) "
    "SELECT told.*, coalesce(told.time_zone <> known.time_zone, false) AS has_moved "
    "FROM told LEFT JOIN known ON known.id = told.id"
).bindparams(bindparam("noted_at", type_=ARRAY(DateTime(timezone=True))))


@dataclass(frozen=True, slots=True)
class Word:
    """What an event said of an organization, and the instant of the event."""

    organization: Organization
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """The organization as it is known now. `has_moved`: only just, its days began to follow another clock."""

    organization: Organization
    has_moved: bool


async def remember(tx: Transaction, words: Iterable[Word]) -> dict[str, Known]:
    """Store what is said of organizations, in one statement; what is now known of each, by id.

    Two services speak of organizations, so the newer word counts, whichever is heard first; an older one only adds what
    the newer ones left out.
    """
    told = _together(words)
    if not told:
        return {}
    params = {
        "ids": [word.organization.id for word in told],
        "names": [word.organization.name for word in told],
        "locales": [word.organization.locale for word in told],
        "time_zones": [word.organization.time_zone for word in told],
        "countries": [word.organization.country for word in told],
        "regions": [word.organization.region for word in told],
        "noted_at": [word.noted_at for word in told],
    }
    rows = [row._asdict() for row in await tx.all(REMEMBER, params)]
    return {row["id"]: Known(Organization.model_validate(row), row["has_moved"]) for row in rows}


def _together(words: Iterable[Word]) -> list[Word]:
    """One word for each organization: the newest, with what the older ones say beyond it."""
    told: dict[str, Word] = {}
    for word in sorted(words, key=lambda word: word.noted_at):
        older = told.get(word.organization.id)
        if older is not None:
            said = word.organization.model_dump(exclude_none=True)
            word = Word(older.organization.model_copy(update=said), word.noted_at)
        told[word.organization.id] = word
    return list(told.values())
