"""`python -m identity create-operator --email`: the first operator of a production installation."""

import argparse
import asyncio
import sys

from chassis.db.transaction import Database, Transaction
from chassis.ops.settings import PlatformSettings
from chassis.service import Service
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.make_operator import make_operator
from identity.actionlinks.issue import issue
from identity.actionlinks.rules import url_of


def create_operator(service: Service, arguments: list[str]) -> None:
    """Make an operator and print the link that activates the account; the mail with a link goes out as well.

    An account that is active already becomes an operator as it is, and no link is needed.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {service.name} create-operator")
    parser.add_argument("--email", required=True, help="the operator's e-mail address")
    parser.add_argument("--name", default="Operator", help="the operator's name")
    wanted = parser.parse_args(arguments)
    asyncio.run(_create(service, email=wanted.email, name=wanted.name))


async def _create(service: Service, *, email: str, name: str) -> None:
    platform = PlatformSettings()
    settings = service.settings()
    database = Database(
        settings.database_url,
        metadata=service.metadata,
        service=service.name,
        clock=platform.business_clock(),
        pool_size=1,
    )
    async with database.transaction(actor="system:create-operator") as tx:
        link = await _operator_link(tx, platform, email=email, name=name)
    await database.close()
    sys.stdout.write(f"Activate the account here, within 14 days: {link}\n" if link else "The account is active.\n")


async def _operator_link(tx: Transaction, platform: PlatformSettings, *, email: str, name: str) -> str | None:
    account, _ = await ensure_invited(tx, email=email, reason="operator", name=name)
    await make_operator(tx, account_id=account.id)
    if account.is_active:
        return None
    token = await issue(tx, account_id=account.id, purpose="activation", supersede=True)
    return url_of(platform.public_url, "activation", token)
