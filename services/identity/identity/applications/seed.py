"""The tiles that come with the product: the shop, licence management, the archive of the old shop."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.applications.models import applications

BUILT_IN: tuple[dict[str, Any], ...] = (
    {
        "code": "shop",
        "category": "shop",
        "position": 10,
        "launch_url": "/shop",
        "visible_to_roles": ["owner", "buyer"],
        "name": {
            "en": "Online shop",
            "fr": "Boutique en ligne",
            "de": "Online-Shop",
            "it": "Negozio online",
        },
        "description": {
            "en": "Buy subscriptions and see your orders and invoices",
            "fr": "Acheter des abonnements, consulter vos commandes et factures",
            "de": "Abonnements kaufen, Bestellungen und Rechnungen einsehen",
            "it": "Acquistare abbonamenti e consultare ordini e fatture",
        },
    },
    {
        "code": "license-management",
        "category": "administration",
        "position": 20,
        "launch_url": "/licenses",
        "visible_to_roles": ["owner", "license_manager"],
        "name": {
            "en": "License management",
            "fr": "Gestion des licences",
            "de": "Lizenzverwaltung",
            "it": "Gestione delle licenze",
        },
        "description": {
            "en": "Assign licenses to colleagues and manage their periods",
            "fr": "Attribuer des licences à vos collègues et gérer leurs périodes",
            "de": "Lizenzen an Kolleginnen und Kollegen vergeben und Zeiträume verwalten",
            "it": "Assegnare licenze ai colleghi e gestirne i periodi",
        },
    },
    {
        "code": "legacy-archive",
        "category": "archive",
        "position": 90,
        "launch_url": "/account/orders/legacy",
        "visible_to_roles": ["owner", "buyer"],
        "only_transferred": True,
        "name": {
            "en": "Order history of the old shop",
            "fr": "Historique des commandes de l'ancienne boutique",
            "de": "Bestellhistorie des alten Shops",
            "it": "Storico ordini del vecchio negozio",
        },
        "description": {
            "en": "All orders you placed in the old shop, to look up",
            "fr": "Toutes les commandes passées dans l'ancienne boutique, en consultation",
            "de": "Alle Bestellungen aus dem alten Shop zum Nachschlagen",
            "it": "Tutti gli ordini effettuati nel vecchio negozio, in consultazione",
        },
    },
)


async def seed_built_in(tx: Transaction) -> None:
    """Have the built-in applications; those that are there stay as operators left them."""
    rows = [
        {
            "id": new_id("app"),
            "created_at": tx.now,
            "visibility": "roles",
            "only_transferred": False,
            **built_in,
        }
        for built_in in BUILT_IN
    ]
    statement = insert(applications).on_conflict_do_nothing(index_elements=[applications.c.code])
    await tx.execute(statement, rows)
