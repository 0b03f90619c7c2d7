"""Between the right password and the right code: a sealed ticket that only this service can read."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from starlette.requests import Request

from chassis.runtime import Runtime
from identity.accounts.queries import find_account
from identity.keys.vault import Vault, WrongKeyFile
from identity.mfa.verify_second_factor import verify_second_factor
from identity.signin import throttle
from identity.signin.rules import SECOND_FACTOR
from identity.signin.sign_in import PASSWORD, SignedIn, open_session

NAME = "second-factor-ticket"
TICKET_LIFE = timedelta(minutes=5)
LONGEST_TICKET = 1000
METHODS = {"otp": ["otp", "mfa"], "rec": ["rec", "mfa"]}
"""RFC 8176 has no name for a recovery code; `mfa` says what matters."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose password was right."""

    account_id: str
    is_remembered: bool


def sealed_ticket(vault: Vault, ticket: Ticket, *, now: datetime) -> str:
    """The ticket as the form carries it."""
    expires = (now + TICKET_LIFE).timestamp()
    content = orjson.dumps([ticket.account_id, ticket.is_remembered, expires])
    return urlsafe_b64encode(vault.seal(content, name=NAME)).decode()


def opened_ticket(vault: Vault, sealed: str, *, now: datetime) -> Ticket | None:
    """The ticket, unless it is too old or not ours."""
    if len(sealed) > LONGEST_TICKET or not sealed.isascii():
        return None
    try:
        content = vault.open(urlsafe_b64decode(sealed), name=NAME)
    except (ValueError, WrongKeyFile):
        return None
    account_id, is_remembered, expires = orjson.loads(content)
    return Ticket(account_id, is_remembered) if now.timestamp() < expires else None


async def complete_sign_in(request: Request, ticket: Ticket, *, code: str) -> SignedIn | None:
    """The session, or None when the code does not prove it. Raises TooManyAttempts."""
    runtime: Runtime = request.app.state.runtime
    key = throttle.key_of("second-factor", ticket.account_id)
    now = runtime.edges.real_clock.now()
    async with (
        runtime.edges.turns.turn(key),
        runtime.database.transaction(actor=f"user:{ticket.account_id}") as tx,
    ):
        await throttle.check_patience(tx, (key,), now=now)
        account = await find_account(tx, account_id=ticket.account_id)
        if account is None or not account.is_active:
            return None
        method = await verify_second_factor(tx, runtime.edges.vault, account_id=account.id, code=code[:100])
        if method is None:
            await throttle.count_failure(tx, {key: SECOND_FACTOR}, now=now)
            return None
        await throttle.forget_failures(tx, key)
        amr = [PASSWORD, *METHODS[method]]
        return await open_session(tx, request, account, amr=amr, is_remembered=ticket.is_remembered)
