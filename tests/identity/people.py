"""People for the tests of identity: invited by an operator, activated through the page behind their link."""

import itertools
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.harness.service import RunningService

PASSWORD = "a quiet harbour at dawn"
OTHER_PASSWORD = "seven boats and a lantern"

numbers = itertools.count(1)


def an_address(name: str = "person") -> str:
    """An address that no other test uses."""
    return f"{name}-{next(numbers)}@muster.example"


async def invited(identity: RunningService, **said: Any) -> dict[str, Any]:
    """An account that waits for its activation."""
    body = {"email": an_address(), "name": "Anna Muster", "locale": "de"} | said
    async with identity.operator() as operator:
        answer = await operator.post("/api/v1/accounts", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def an_owner(identity: RunningService, **said: Any) -> dict[str, Any]:
    """An invited owner of a new organization."""
    return await invited(identity, organization={"name": "Muster GmbH", "country": "DE"}, roles=["owner"], **said)


async def link_for(identity: RunningService, email: str, purpose: str = "activation", **more: Any) -> str:
    """The path of the link that a mail to `email` would carry."""
    async with identity.internal() as internal:
        items = [{"email": email, "purpose": purpose} | more]
        answer = await internal.post("/internal/action-links", json={"items": items})
    assert answer.status_code == 200, answer.text
    return urlsplit(answer.json()["items"][0]["link"]["url"]).path


async def choose_password(browser: httpx.AsyncClient, path: str, password: str = PASSWORD) -> httpx.Response:
    """Fill in the form behind an activation or recovery link."""
    return await browser.post(path, data={"password": password, "password_confirmation": password})


async def active(identity: RunningService, **said: Any) -> dict[str, Any]:
    """An account whose owner has chosen PASSWORD."""
    account = await invited(identity, **said)
    async with identity.anonymous() as browser:
        answer = await choose_password(browser, await link_for(identity, account["email"]))
    assert answer.status_code == 303, answer.text
    return account | {"status": "active"}


def as_person(identity: RunningService, account: dict[str, Any], **claims: Any) -> httpx.AsyncClient:
    """A client that calls with this person's token."""
    return identity.client(subject=account["id"], email=account["email"], org=account.get("organization_id"), **claims)


def as_owner(identity: RunningService, account: dict[str, Any]) -> httpx.AsyncClient:
    """A client with the rights of an owner of the account's organization."""
    return as_person(identity, account, scopes="members:read members:write", roles=("owner",))
