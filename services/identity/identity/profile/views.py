"""What the account page shows."""

from starlette.responses import Response

from identity.grants.queries import consents_of
from identity.members.queries import memberships_of
from identity.mfa.enroll import Enrollment, pending
from identity.mfa.queries import count_recovery_codes, has_second_factor
from identity.profile.desk import Desk
from identity.sessions.queries import live_sessions_of


async def show_overview(
    desk: Desk, *, errors: dict[str, str] | None = None, fields: dict[str, str] | None = None
) -> Response:
    """Profile, security, sessions, connected applications."""
    now = desk.runtime.edges.real_clock.now()
    async with desk.runtime.database.read() as reader:
        sessions = await live_sessions_of(reader, desk.account.id, now=now)
        consents = await consents_of(reader, desk.account.id)
        memberships = await memberships_of(reader, desk.account.id)
        second_factor = await has_second_factor(reader, desk.account.id)
    return desk.page(
        "account/overview.html",
        status=422 if errors else 200,
        errors=errors or {},
        fields=fields or {"name": desk.account.name, "locale": desk.account.locale},
        sessions=sessions,
        current_id=desk.session.id,
        consents=consents,
        memberships=memberships,
        second_factor=second_factor,
    )


async def show_email(desk: Desk, *, errors: dict[str, str] | None = None, new_email: str = "") -> Response:
    """The form that asks for another address."""
    return desk.page("account/email.html", status=422 if errors else 200, errors=errors or {}, new_email=new_email)


async def show_password(desk: Desk, *, errors: dict[str, str] | None = None) -> Response:
    """The form that changes the password."""
    return desk.page("account/password.html", status=422 if errors else 200, errors=errors or {})


async def show_second_factor(desk: Desk, *, errors: dict[str, str] | None = None) -> Response:
    """Set up an authenticator, or do without it again."""
    async with desk.runtime.database.read() as reader:
        enabled = await has_second_factor(reader, desk.account.id)
        codes_left = await count_recovery_codes(reader, desk.account.id)
    return desk.page(
        "account/second_factor.html",
        status=422 if errors else 200,
        errors=errors or {},
        enabled=enabled,
        codes_left=codes_left,
    )


async def show_enrollment(desk: Desk, *, errors: dict[str, str] | None = None) -> Response:
    """The secret for the authenticator, and the field for its first code."""
    async with desk.runtime.database.read() as reader:
        enrollment = await pending(
            reader,
            desk.runtime.edges.vault,
            account_id=desk.account.id,
            email=desk.account.email,
            issuer=desk.runtime.edges.brand.name,
        )
    if enrollment is None:
        return await show_second_factor(desk)
    return desk.page(
        "account/enrollment.html",
        status=422 if errors else 200,
        errors=errors or {},
        enrollment=enrollment,
        groups=_groups(enrollment),
    )


def show_recovery_codes(desk: Desk, codes: list[str]) -> Response:
    """The codes, this one time."""
    return desk.page("account/recovery_codes.html", codes=codes)


def _groups(enrollment: Enrollment) -> str:
    """The secret in groups of four, as people type it."""
    secret = enrollment.secret
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
