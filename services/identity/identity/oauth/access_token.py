"""Access tokens: JWTs by RFC 9068, signed with ES256, for the one audience `{PUBLIC_URL}/api`."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.clients.scopes import INTERNAL_SCOPE, allowed_to_roles, join
from identity.oauth.people import Person
from identity.oauth.rules import (
    MACHINES_TOKEN_LIFE,
    PERSONS_TOKEN_LIFE,
    SECOND_FACTOR,
    roles_in_token,
)

TYPE = "at+jwt"
GRANT_PREFIX = "gra_"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """An access token and what its answer says about it."""

    value: str
    scopes: tuple[str, ...]
    expires_in: int
    organization_id: str | None = None
    roles: tuple[str, ...] = ()
    claims: dict[str, Any] = field(default_factory=dict, repr=False)


def for_person(
    runtime: Runtime,
    *,
    person: Person,
    client: Client,
    grant_id: str,
    session_id: str | None,
    scopes: Iterable[str],
    organization_id: str | None,
    amr: Iterable[str],
    thumbprint: str | None,
    now: datetime,
) -> IssuedToken:
    """A token of a person. Its scopes are what the grant covers and the roles of this moment allow.

    Its `jti` begins with the grant, so that introspection finds out what became of it.
    """
    acting_in, organization_roles = person.acting_in(organization_id)
    roles = roles_of(runtime, person, organization_roles, amr)
    held = allowed_to_roles(scopes, roles)
    claims = {
        "sub": person.account_id,
        "scope": join(held),
        "org": acting_in,
        "roles": list(roles),
        "sid": session_id,
        "email": person.email,
        "jti": f"{grant_id}.{secrets.token_urlsafe(9)}",
    }
    return _issue(runtime, client, claims, scopes=held, life=PERSONS_TOKEN_LIFE, thumbprint=thumbprint, now=now)


def for_machine(
    runtime: Runtime, *, client: Client, scopes: tuple[str, ...], thumbprint: str | None, now: datetime
) -> IssuedToken:
    """A token of the client itself, acting in the organization it is registered for, if any."""
    claims = {
        "sub": client.id,
        "scope": join(scopes),
        "org": client.organization_id,
        "roles": [],
        "jti": secrets.token_urlsafe(16),
    }
    return _issue(runtime, client, claims, scopes=scopes, life=MACHINES_TOKEN_LIFE, thumbprint=thumbprint, now=now)


def roles_of(
    runtime: Runtime, person: Person, organization_roles: Iterable[str], amr: Iterable[str]
) -> tuple[str, ...]:
    """The roles in the acting organization, and those of the vendor's staff who proved themselves well enough."""
    return roles_in_token(
        organization_roles,
        operator_roles=person.operator_roles,
        has_second_factor=bool(SECOND_FACTOR & set(amr)),
        second_factor_needed=runtime.platform.is_production,
    )


def grant_of(jti: str) -> str | None:
    """The grant that a person's token was issued on."""
    head, separator, _ = jti.partition(".")
    return head if separator and head.startswith(GRANT_PREFIX) else None


def _issue(
    runtime: Runtime,
    client: Client,
    claims: dict[str, Any],
    *,
    scopes: tuple[str, ...],
    life: timedelta,
    thumbprint: str | None,
    now: datetime,
) -> IssuedToken:
    issued_at = int(now.timestamp())
    seconds = int(life.total_seconds())
    complete = {
        "iss": runtime.platform.public_url,
        "aud": runtime.platform.audience,
        "client_id": client.id,
        "iat": issued_at,
        "exp": issued_at + seconds,
        **{name: value for name, value in claims.items() if value is not None},
    }
    if client.products and INTERNAL_SCOPE not in scopes:
        complete["products"] = list(client.products)
    if thumbprint is not None:
        complete["cnf"] = {"jkt": thumbprint}
    return IssuedToken(
        value=runtime.edges.keys.sign(complete, typ=TYPE),
        scopes=scopes,
        expires_in=seconds,
        organization_id=claims.get("org"),
        roles=tuple(claims["roles"]),
        claims=complete,
    )
