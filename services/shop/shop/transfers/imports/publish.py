"""Making an import the current word about its customers, and noting what changed at the source. Set-based."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import TextClause, delete, func, select, text

from chassis.db.transaction import Transaction
from shop.transfers.models import LEGACY, changes, imports
from shop.transfers.rules.files import FILES, FileSpec

STANDINGS = ("added", "changed", "unchanged", "moved_already", "older")
CREDIBLY_AHEAD = timedelta(days=31)
LOCK = text("SELECT pg_advisory_xact_lock(hashtext('transfer-imports.publish'))")

INCOMING = text(
    """
    CREATE TEMP TABLE incoming ON COMMIT DROP AS
    WITH records AS (
        SELECT legacy_id AS owner, digest FROM legacy_customers WHERE load = :load AND repeat IS DISTINCT FROM 2
        UNION ALL
        SELECT customer_id, digest FROM legacy_subscriptions WHERE load = :load AND repeat IS DISTINCT FROM 2
        UNION ALL
        SELECT customer_id, digest FROM legacy_orders WHERE load = :load AND repeat IS DISTINCT FROM 2
        UNION ALL
        SELECT o.customer_id, l.digest FROM legacy_order_lines l
        JOIN legacy_orders o ON o.load = l.load AND o.legacy_id = l.order_id AND coalesce(o.repeat, 1) = 1
        WHERE l.load = :load AND l.repeat IS DISTINCT FROM 2
        UNION ALL
        SELECT customer_id, digest FROM legacy_payment_methods WHERE load = :load AND repeat IS DISTINCT FROM 2
        UNION ALL
        SELECT customer_id, digest FROM legacy_one_off_licenses WHERE load = :load AND repeat IS DISTINCT FROM 2
    ), prints AS (
        SELECT owner, bit_xor(digest)::text || ':' || count(*) AS fingerprint FROM records GROUP BY owner
    )
    SELECT c.legacy_id, c.company, c.email_key, c.country, p.fingerprint, d.load AS previous,
        CASE
            WHEN d.legacy_id IS NULL THEN 'added'
            WHEN d.moved_at IS NOT NULL THEN 'moved_already'
            WHEN d.exported_on > :exported_on AND (d.exported_on <= :credible OR :exported_on > :credible) THEN 'older'
            WHEN d.fingerprint = p.fingerprint THEN 'unchanged'
            ELSE 'changed'
        END AS standing
    FROM legacy_customers c
    JOIN prints p ON p.owner = c.legacy_id
    LEFT JOIN legacy_directory d ON d.legacy_id = c.legacy_id
    WHERE c.load = :load AND coalesce(c.repeat, 1) = 1
    """
)
POINT = text(
    """
    INSERT INTO legacy_directory AS d
        (legacy_id, load, fingerprint, company, email_key, country, exported_on)
    SELECT legacy_id, :load, fingerprint, company, email_key, country, :exported_on FROM incoming
    WHERE standing IN ('added', 'changed', 'unchanged')
    ORDER BY legacy_id
    ON CONFLICT (legacy_id) DO UPDATE SET load = excluded.load, fingerprint = excluded.fingerprint,
        company = excluded.company, email_key = excluded.email_key, country = excluded.country,
        exported_on = excluded.exported_on
    WHERE d.moved_at IS NULL
    """
)
ABSENT = text(
    "SELECT count(*) FROM legacy_directory d WHERE NOT EXISTS"
    " (SELECT 1 FROM incoming i WHERE i.legacy_id = d.legacy_id)"
)
KEPT_OUT = "ARRAY['load', 'line', 'digest', 'repeat', 'email_key', 'owner']"


async def publish(tx: Transaction, load: int) -> dict[str, Any]:
    """Point the directory at the new load and count what is new, changed, the same, or left as it is.

    A customer who has moved keeps the facts of the day; a newer export is never replaced by an older one, unless
    its day lies so far ahead that it can only be a slip of the pen; customers that this export does not name keep
    what an earlier one said. Two imports take turns.
    """
    await tx.execute(LOCK)
    exported_on: date = await tx.scalar(select(imports.c.exported_on).where(imports.c.load == load))
    params = {"load": load, "exported_on": exported_on, "credible": tx.now.date() + CREDIBLY_AHEAD}
    await tx.execute(delete(changes).where(changes.c.load == load))
    await tx.execute(INCOMING, params)
    await tx.execute(text("ANALYZE incoming"))
    counts = await _counted(tx)
    if counts["changed"]:
        for spec in FILES:
            await tx.execute(_note_changes(spec), {"load": load, "file": spec.name})
    await tx.execute(POINT, params)
    absent = await tx.scalar(ABSENT)
    return {"customers": {**counts, "absent": absent}, "records": await _changed_records(tx, load)}


async def _counted(tx: Transaction) -> dict[str, int]:
    rows = await tx.all(text("SELECT standing, count(*) AS number FROM incoming GROUP BY standing"))
    found = {row.standing: row.number for row in rows}
    return {standing: found.get(standing, 0) for standing in STANDINGS}


async def _changed_records(tx: Transaction, load: int) -> dict[str, dict[str, int]]:
    grouped = select(changes.c.file, changes.c.change, func.count().label("number")).where(changes.c.load == load)
    counts: dict[str, dict[str, int]] = {}
    for row in await tx.all(grouped.group_by(changes.c.file, changes.c.change)):
        counts.setdefault(row.file, {})[row.change] = row.number
    return counts


def _note_changes(spec: FileSpec) -> TextClause:
    """Records that were added, changed or removed at the source, of the customers that changed."""
    same_key = " AND ".join(f"n.{column} = o.{column}" for column in spec.key)
    key = " || '/' || ".join(f"coalesce(n.{column}, o.{column})" for column in spec.key)
    rows = _owned_rows(spec)
    sql = f"""
        INSERT INTO import_changes (load, file, key, customer, change, differences)
        SELECT :load, :file, {key}, coalesce(n.owner, o.owner),
            CASE WHEN o.owner IS NULL THEN 'added' WHEN n.owner IS NULL THEN 'removed' ELSE 'changed' END,
            CASE WHEN o.owner IS NULL OR n.owner IS NULL THEN '{{}}'::jsonb ELSE (
                SELECT coalesce(jsonb_object_agg(e.key, jsonb_build_array(to_jsonb(o) ->> e.key, e.value)), '{{}}')
                FROM jsonb_each_text(to_jsonb(n) - {KEPT_OUT}) e
                WHERE to_jsonb(o) ->> e.key IS DISTINCT FROM e.value
            ) END
        FROM (
            SELECT r.* FROM ({rows}) r JOIN incoming i ON i.legacy_id = r.owner AND i.standing = 'changed'
            WHERE r.load = :load AND coalesce(r.repeat, 1) = 1
        ) n
        FULL JOIN (
            SELECT r.* FROM ({rows}) r JOIN incoming i ON i.legacy_id = r.owner AND i.standing = 'changed'
            AND r.load = i.previous WHERE coalesce(r.repeat, 1) = 1
        ) o ON {same_key}
        WHERE o.digest IS DISTINCT FROM n.digest
        ORDER BY 3
    """  # noqa: S608 - every name comes from the constants of the file specs
    return text(sql)


def _owned_rows(spec: FileSpec) -> str:
    table = LEGACY[spec.name].name
    match spec.name:
        case "customers.csv":
            return f"SELECT legacy_id AS owner, t.* FROM {table} t"  # noqa: S608 - a constant name
        case "order_lines.csv":
            return (
                f"SELECT o.customer_id AS owner, t.* FROM {table} t JOIN legacy_orders o"  # noqa: S608
                " ON o.load = t.load AND o.legacy_id = t.order_id AND coalesce(o.repeat, 1) = 1"
            )
        case _:
            return f"SELECT customer_id AS owner, t.* FROM {table} t"  # noqa: S608 - a constant name
