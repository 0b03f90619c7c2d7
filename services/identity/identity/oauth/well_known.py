"""What password managers and security researchers look for."""

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from chassis.pages.locales import LOCALES

LIFE_OF_A_CONTACT = timedelta(days=180)


async def change_password(request: Request) -> Response:
    """Where a password is changed (W3C, A Well-Known URL for Changing Passwords)."""
    return RedirectResponse("/account", 302)


async def security_contact(request: Request) -> Response:
    """Whom to tell about a weakness (RFC 9116)."""
    runtime = request.app.state.runtime
    expires = (datetime.now(UTC) + LIFE_OF_A_CONTACT).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: mailto:{runtime.edges.brand.support_email}",
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(LOCALES)}",
        f"Canonical: {runtime.platform.public_url}/.well-known/security.txt",
    )
    return PlainTextResponse("\n".join(lines) + "\n")
