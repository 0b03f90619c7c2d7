"""The two sides of a transfer, each as plain tables: what an export promises, and what the platform then holds.

The promise is made of the export's own rows and of outcomes that somebody else decided (the rule book's sample or the
oracle). What the platform holds is read by the operator's API, and where that shows nothing, in the shop's database.
"""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import asyncpg

from tests.harness.platform import Platform
from tests.oracle.verdicts import KEYS, address, load
from tests.system.desk import CATALOGUE, Desk

Table = dict[str, Any]
LANGUAGES = ("en", "fr", "de", "it")


@dataclass(frozen=True)
class Promised:
    """What must be there after the transfer, by the old shop's own numbers and addresses."""

    customers: Table
    subscriptions: Table
    orders: Table
    methods: Table
    one_offs: Table
    licenses: Table


def promised(files: dict[str, bytes], outcomes: dict[str, dict[str, str]], transfer_on: str) -> Promised:
    """Who and what moves of an export; `outcomes` tells it by table and legacy id."""
    rows = {name: _first_rows(name, files[f"{name}.csv"]) for name in KEYS}
    moving = {key for key, outcome in outcomes["customers"].items() if outcome == "moves"}

    def of(table: str) -> list[dict[str, str]]:
        return [row for row in rows[table] if outcomes[table].get(row["legacy_id"]) == "moves"]

    subscriptions = of("subscriptions")
    return Promised(
        customers={
            row["legacy_id"]: {
                "company": row["company"],
                "email": address(row["email"]),
                "country": row["country"],
                "locale": locale_of(row),
                "status": "active",
            }
            for row in rows["customers"]
            if row["legacy_id"] in moving
        },
        subscriptions={row["number"]: _subscription(row) for row in subscriptions},
        orders={
            row["number"]: {
                "customer": row["customer_id"],
                "kind": "transferred",
                "status": row["status"],
                "total": {"amount": int(row["total_minor"]), "currency": row["currency"]},
                "invoice_number": row["invoice_number"] or None,
            }
            for row in of("orders")
        },
        methods={
            row["legacy_id"]: {"customer": row["customer_id"], "method": row["provider_method"]}
            for row in of("payment_methods")
        },
        one_offs=_one_offs(rows["one_off_licenses"], moving, transfer_on),
        licenses=_licenses(subscriptions),
    )


def locale_of(customer: dict[str, str]) -> str:
    """The customer's language if it is one of ours, else the region's."""
    language = customer["language"].lower()[:2]
    regions = {country: region for region in CATALOGUE["regions"] for country in region["countries"]}
    return language if language in LANGUAGES else str(regions[customer["country"]]["default_locale"])


def held(desk: Desk) -> Promised:
    """What the platform holds, in the same shape."""
    customers = {item["organization_id"]: item for item in desk.every("/customers", origin="transferred")}
    known = {organization_id: item["legacy_id"] for organization_id, item in customers.items()}
    methods = asyncio.run(_methods(desk.platform))
    legacy_method = {row["id"]: row["legacy_id"] for row in methods}
    licenses = desk.every("/licenses")
    return Promised(
        customers={
            item["legacy_id"]: {name: item[name] for name in ("company", "email", "country", "locale", "status")}
            for item in customers.values()
        },
        subscriptions={
            item["number"]: {
                "customer": known[item["organization_id"]],
                "product": item["product_code"],
                "quantity": item["quantity"],
                "unit_price": item["unit_price"],
                "interval": item["interval"],
                "started_on": item["started_on"],
                "term": item["term"],
                "method": legacy_method[item["payment_method_id"]],
                "status": item["status"],
                "billing_owner": item["billing_owner"],
                "cancel_at_term_end": item["cancel_at_term_end"],
            }
            for item in _unique(desk.every("/subscriptions"), "number")
        },
        orders={
            item["number"]: {
                "customer": known[item["organization_id"]],
                **{name: item[name] for name in ("kind", "status", "total", "invoice_number")},
            }
            for item in _unique(desk.every("/orders"), "number")
        },
        methods={
            row["legacy_id"]: {"customer": known[row["organization_id"]], "method": row["provider_method"]}
            for row in methods
        },
        one_offs={
            (known[item["organization_id"]], item["product"]): {
                "quantity": item["quantity"],
                "until": item["term"]["last_day"],
                "units_left": item["units"]["left"] if item["units"] else None,
                "status": item["status"],
                "assigned": item["assigned"],
            }
            for item in licenses
            if item["origin"] == "one_off"
        },
        licenses=_held_licenses([item for item in licenses if item["origin"] != "one_off"], known),
    )


def assert_the_books_agree(expected: Promised, actual: Promised) -> None:
    """Table by table, record by record; the message names the first few that differ."""
    for table in Promised.__dataclass_fields__:
        left, right = getattr(expected, table), getattr(actual, table)
        differing = [key for key in {**left, **right} if left.get(key) != right.get(key)]
        shown = [(key, left.get(key), right.get(key)) for key in differing[:5]]
        assert not differing, f"{len(differing)} of {len(left)} {table} differ (promised, held): {shown}"


async def _methods(platform: Platform) -> list[Any]:
    return await rows_of(platform, "shop", "SELECT * FROM payment_methods WHERE is_usable")


async def rows_of(platform: Platform, database: str, query: str, *arguments: Any) -> list[Any]:
    """Read a service's database, for what no API shows."""
    url = platform.stack.postgres.url.removesuffix("/postgres") + f"/{database}"
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()


def charges_of(platform: Platform) -> list[dict[str, Any]]:
    """Whatever was asked of the payment provider, by the shop's memory and by the provider's own."""
    shop = asyncio.run(rows_of(platform, "shop", "SELECT id, amount_minor, status FROM charges"))
    provider = asyncio.run(rows_of(platform, "shop", "SELECT id, amount_minor, status FROM sandbox_charges"))
    return [dict(row) for row in (*shop, *provider)]


def mails_per_address(platform: Platform) -> Counter[tuple[str, str]]:
    """How many different mails with each subject have arrived at each address, as the mailbox saw it.

    A mail is told by its Message-ID: the same one delivered once more is the same mail (see `delivered_again`).
    """
    mails = {(mail["to"].lower(), mail["subject"], mail["headers"]["Message-ID"]) for mail in platform.mails()}
    return Counter((to, subject) for to, subject, _ in mails)


def delivered_again(platform: Platform) -> list[tuple[str, str]]:
    """Address and subject of mails that arrived more than once under one Message-ID.

    Nobody can rule that out for mails that were on the wire when their sender was killed: SMTP has no transaction
    around "taken" (RFC 1047). In all other cases it is a mistake.
    """
    arrived = Counter((mail["to"].lower(), mail["subject"], mail["headers"]["Message-ID"]) for mail in platform.mails())
    return [(to, subject) for (to, subject, _), count in arrived.items() if count > 1]


def _first_rows(name: str, content: bytes) -> list[dict[str, str]]:
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    for row in load(name, content):
        kept.setdefault(tuple(row[part] for part in KEYS[name]), row)
    return list(kept.values())


def _subscription(row: dict[str, str]) -> dict[str, Any]:
    return {
        "customer": row["customer_id"],
        "product": row["product_code"],
        "quantity": int(row["quantity"]),
        "unit_price": {"amount": int(row["unit_price_minor"]), "currency": row["currency"]},
        "interval": row["interval"],
        "started_on": row["started_on"],
        "term": {"first_day": row["term_start"], "last_day": row["term_end"]},
        "method": row["payment_method_id"],
        "status": "active",
        "billing_owner": "new_shop",
        "cancel_at_term_end": False,
    }


def _licenses(subscriptions: list[dict[str, str]]) -> Table:
    """One license per subscription; of a customer's seats of one product exactly one is the buyer's."""
    expected: Table = {}
    for row in subscriptions:
        expected[row["number"]] = {
            "customer": row["customer_id"],
            "product": row["product_code"],
            "quantity": int(row["quantity"]),
            "term": {"first_day": row["term_start"], "last_day": row["term_end"]},
            "invoice_number": row["invoice_number"] or None,
            "origin": "transferred",
            "status": "active",
        }
    seats: dict[Any, int] = defaultdict(int)
    for row in subscriptions:
        seats[("seats", row["customer_id"], row["product_code"])] += int(row["quantity"])
    return expected | {key: {"assigned": 1, "waiting": quantity - 1} for key, quantity in seats.items()}


def _held_licenses(licenses: list[dict[str, Any]], known: dict[str, str]) -> Table:
    found: Table = {}
    for item in _unique(licenses, "subscription_number"):
        found[item["subscription_number"]] = {
            "customer": known[item["organization_id"]],
            **{name: item[name] for name in ("product", "quantity", "term", "invoice_number", "origin", "status")},
        }
        key = ("seats", known[item["organization_id"]], item["product"])
        seats = found.setdefault(key, {"assigned": 0, "waiting": 0})
        seats["assigned"] += item["assigned"]
        seats["waiting"] += item["free"]
    return found


def _one_offs(rows: list[dict[str, str]], moving: set[str], transfer_on: str) -> Table:
    """Those of customers who move go on unlocking, until their last day or unit, whatever the product is sold for."""
    sold = {product["code"] for product in CATALOGUE["products"]}
    expected: Table = {}
    for row in rows:
        left = int(row["units_total"]) - int(row["units_used"] or 0) if row["units_total"] else None
        is_over = (row["expires_on"] and row["expires_on"] < transfer_on) or left == 0
        if row["customer_id"] in moving and row["product_code"] in sold and not is_over:
            expected[(row["customer_id"], row["product_code"])] = {
                "quantity": int(row["quantity"]),
                "until": row["expires_on"] or None,
                "units_left": left,
                "status": "active",
                "assigned": 1,
            }
    return expected


def _unique(items: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    twice = [key for key, count in Counter(item[name] for item in items).items() if count > 1]
    assert not twice, f"{name} there more than once: {twice[:5]}"
    return items
