"""Decisions of the provider that need nothing but facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

CODE_LIFE = timedelta(seconds=60)
PUSHED_REQUEST_LIFE = timedelta(seconds=90)
INTERACTION_LIFE = timedelta(minutes=15)
PERSONS_TOKEN_LIFE = timedelta(minutes=5)
MACHINES_TOKEN_LIFE = timedelta(minutes=10)
ID_TOKEN_LIFE = timedelta(minutes=10)
REFRESH_IDLE_LIFE = timedelta(days=14)
REFRESH_ABSOLUTE_LIFE = timedelta(days=90)
REFRESH_GRACE = timedelta(seconds=10)
"""A refresh token that comes again this soon is a repeated request, not a theft: the same successor is given."""

PROMPTS = frozenset({"none", "login", "consent", "select_account"})
SECOND_FACTOR = frozenset({"otp", "hwk", "swk", "mfa"})
ACR_PASSWORD = "urn:portico:acr:password"
ACR_SECOND_FACTOR = "urn:portico:acr:second-factor"

Step = Literal["proceed", "login", "select_account", "consent"]
RefreshVerdict = Literal["unknown", "fresh", "repeated", "stolen", "expired"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an authorization request asks of the sign-in itself (OpenID Connect Core 1.0 §3.1.2.1)."""

    prompts: frozenset[str] = frozenset()
    max_age: int | None = None
    hinted_account_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and since when."""

    account_id: str
    authenticated_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """What happened since the request came in."""

    started_at: datetime
    is_account_chosen: bool = False
    is_consented: bool = False


def next_step(
    wishes: Wishes,
    signed_in: SignedIn | None,
    progress: Progress | None,
    *,
    is_consent_missing: bool,
    now: datetime,
) -> Step:
    """What the person must do before the client gets its answer. `progress` is None for a request just received."""
    if signed_in is None or _must_sign_in_again(wishes, signed_in, progress, now):
        return "login"
    if wishes.hinted_account_id not in (None, signed_in.account_id):
        return "login"
    if "select_account" in wishes.prompts and not _has_chosen(signed_in, progress):
        return "select_account"
    asked_now = "consent" in wishes.prompts and not (progress and progress.is_consented)
    return "consent" if is_consent_missing or asked_now else "proceed"


def _must_sign_in_again(wishes: Wishes, signed_in: SignedIn, progress: Progress | None, now: datetime) -> bool:
    if progress is not None and signed_in.authenticated_at >= progress.started_at:
        return False
    if "login" in wishes.prompts or wishes.max_age == 0:
        return True
    return wishes.max_age is not None and now - signed_in.authenticated_at > timedelta(seconds=wishes.max_age)


def _has_chosen(signed_in: SignedIn, progress: Progress | None) -> bool:
    if progress is None:
        return False
    return progress.is_account_chosen or signed_in.authenticated_at >= progress.started_at


def active_organization(wanted: str | None, organization_ids: Sequence[str]) -> str | None:
    """The organization a token acts in: the wanted one while the person belongs to it, else the oldest membership."""
    if wanted in organization_ids:
        return wanted
    return organization_ids[0] if organization_ids else None


def roles_in_token(
    organization_roles: Iterable[str],
    *,
    operator_roles: Iterable[str],
    has_second_factor: bool,
    second_factor_needed: bool,
) -> tuple[str, ...]:
    """The roles that count now; staff who must use a second factor and did not are ordinary people."""
    is_proved = has_second_factor or not second_factor_needed
    return (*organization_roles, *operator_roles) if is_proved else tuple(organization_roles)


def refresh_verdict(*, used_at: datetime | None, expires_at: datetime, now: datetime) -> RefreshVerdict:
    """What to make of a refresh token that is known (RFC 9700 §4.14.2)."""
    if used_at is not None:
        return "repeated" if now - used_at <= REFRESH_GRACE else "stolen"
    return "expired" if now >= expires_at else "fresh"


def refresh_expiry(grant_created_at: datetime, *, now: datetime) -> datetime:
    """When a refresh token issued now ends: unused for two weeks, or with its grant after ninety days."""
    return min(now + REFRESH_IDLE_LIFE, grant_created_at + REFRESH_ABSOLUTE_LIFE)


def acr_of(amr: Iterable[str]) -> str:
    """The authentication context class of the means used (RFC 8176)."""
    return ACR_SECOND_FACTOR if SECOND_FACTOR & set(amr) else ACR_PASSWORD


def is_local_path(text: str) -> bool:
    """Whether a browser sent to `text` stays on this origin, whatever tricks it holds."""
    if not text.startswith("/") or text.startswith(("//", "/\\")):
        return False
    return not any(character <= " " or character in "\\\x7f" for character in text)
