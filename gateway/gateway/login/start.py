"""Begin a sign-in: remember where to come back to, and send the browser to the provider."""

import secrets
from dataclasses import dataclass, field

from gateway.login import rules, store
from gateway.paths import own_path
from gateway.sessions.desk import SessionDesk


@dataclass(frozen=True, slots=True)
class Start:
    """Where the browser goes, and what it must bring back."""

    location: str
    state: str
    secret: str = field(repr=False)


async def start(
    desk: SessionDesk,
    *,
    return_to: str | None,
    prompt: str | None = None,
    login_hint: str | None = None,
    ui_locales: str | None = None,
) -> Start:
    """A new sign-in. Code flow with PKCE, state and nonce (RFC 9700 §2.1); verifier and nonce grow from a secret."""
    state, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    async with desk.database.read() as reader:
        await store.add(
            reader,
            state_hash=rules.digest(state),
            secret_hash=rules.digest(secret),
            return_to=own_path(return_to),
        )
    location = desk.provider.authorization_url(
        state=state,
        nonce=rules.derived(secret, "nonce"),
        code_challenge=rules.code_challenge(rules.derived(secret, "code_verifier")),
        prompt=prompt,
        login_hint=login_hint,
        ui_locales=ui_locales,
    )
    return Start(location, state, secret)
