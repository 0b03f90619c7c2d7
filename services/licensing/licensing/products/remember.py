"""Keep the names and applications of products up to date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import ARRAY, Boolean, DateTime, Text, bindparam, column, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.transaction import Transaction

REMEMBER = (
    text(
        "WITH told AS (INSERT INTO products AS p (code, name, applications, from_catalog, noted_at) "
        "SELECT code, CAST(name AS jsonb), CAST(applications AS jsonb), from_catalog, noted_at "
        "FROM unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:applications AS text[]), :from_catalog, "
        ":noted_at) AS w(code, name, applications, from_catalog, noted_at) "
        'ORDER BY code COLLATE "C" ON CONFLICT (code) DO UPDATE SET '
        "name = excluded.name, applications = excluded.applications, from_catalog = excluded.from_catalog, "
        "noted_at = excluded.noted_at WHERE (p.name, p.applications, p.from_catalog) IS DISTINCT FROM "
        "(excluded.name, excluded.applications, excluded.from_catalog) "
        "AND (p.from_catalog, p.noted_at) <= (excluded.from_catalog, excluded.noted_at) RETURNING code, name) "
        "SELECT code, name FROM told UNION ALL SELECT code, name FROM products "
        "WHERE code = ANY(CAST(:codes AS text[])) AND code NOT IN (SELECT code FROM told)"
    )
    .bindparams(
        bindparam("from_catalog", type_=ARRAY(Boolean)),
        bindparam("noted_at", type_=ARRAY(DateTime(timezone=True))),
    )
    .columns(column("code", Text), column("name", JSONB))
)


@dataclass(frozen=True, slots=True)
class Word:
    """What an event said of a product. `from_catalog`: the catalog said it itself, not a purchase that carries it."""

    code: str
    name: dict[str, str]
    applications: list[str]
    noted_at: datetime
    from_catalog: bool = False


async def remember(tx: Transaction, words: Iterable[Word]) -> dict[str, dict[str, str]]:
    """Store what is said of products, in one statement; the names that each now has, by code.

    The catalog's own word is never overwritten by what a purchase carries with it; of two the newer one counts.
    """
    told = list(
        {word.code: word for word in sorted(words, key=lambda word: (word.from_catalog, word.noted_at))}.values()
    )
    if not told:
        return {}
    params = {
        "codes": [word.code for word in told],
        "names": [orjson.dumps(word.name or {"en": word.code}).decode() for word in told],
        "applications": [orjson.dumps(word.applications).decode() for word in told],
        "from_catalog": [word.from_catalog for word in told],
        "noted_at": [word.noted_at for word in told],
    }
    return {row.code: row.name for row in await tx.all(REMEMBER, params)}
