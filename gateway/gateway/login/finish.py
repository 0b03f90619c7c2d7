"""The browser is back from the provider: check that it is the one that left, and open its session."""

from dataclasses import dataclass, field

from chassis.kernel.errors import Malformed, Unavailable
from chassis.ops.logging import get_logger
from gateway.login import rules, store
from gateway.provider.errors import InvalidToken, ProviderAway, ProviderRefused
from gateway.sessions.desk import SessionDesk
from gateway.sessions.open import open

log = get_logger(__name__)


class SignInNotKnown(Malformed):
    """The answer belongs to no sign-in of this browser, or to one that is done or too old."""

    code = "sign-in-not-known"
    title = "This sign-in is no longer valid"


class SignInRefused(Malformed):
    """The provider did not sign the person in."""

    code = "sign-in-refused"
    title = "You were not signed in"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider sent back through the browser (RFC 6749 §4.1.2, RFC 9207)."""

    state: str
    issuer: str | None
    code: str | None = field(repr=False)
    error: str | None


async def finish(desk: SessionDesk, answer: Answer, *, secret: str, replaces: str | None) -> tuple[str, str]:
    """The new session's cookie, and the path to go on with. Raises `SignInNotKnown`, `SignInRefused`, `Unavailable`."""
    async with desk.database.read() as reader:
        begun = await store.take(reader, state_hash=rules.digest(answer.state), secret_hash=rules.digest(secret))
    if begun is None:
        raise SignInNotKnown("Please sign in again.")
    if answer.issuer != desk.provider.issuer:
        raise SignInRefused("The answer came from another provider.")
    if answer.error or not answer.code:
        log.info("sign_in.refused", reason=answer.error)
        raise SignInRefused("You were not signed in. Please try again.", return_to=begun.return_to)
    try:
        tokens = await desk.provider.redeem(
            code=answer.code,
            code_verifier=rules.derived(secret, "code_verifier"),
            nonce=rules.derived(secret, "nonce"),
        )
    except ProviderAway as away:
        raise Unavailable("Signing in does not work at the moment. Please try again.") from away
    except (ProviderRefused, InvalidToken) as refusal:
        log.warning("sign_in.failed", reason=str(refusal))
        raise SignInRefused("You were not signed in. Please try again.", return_to=begun.return_to) from refusal
    cookie, session = await open(desk, tokens, replaces=replaces)
    log.info("sign_in.done", account_id=session.account_id, session_id=session.session_id)
    return cookie, begun.return_to
