"""Sign in with address and password, and a second factor where the account has one."""

from dataclasses import dataclass

from starlette.requests import Request

from chassis.db.transaction import Transaction
from chassis.kernel.emails import InvalidEmail, normalize_email
from chassis.runtime import Runtime
from identity.accounts.queries import Account
from identity.accounts.verify_password import verify_password
from identity.audit.record import record
from identity.mfa.queries import has_second_factor
from identity.sessions.cookie import SessionCookie
from identity.sessions.peer import address_of
from identity.sessions.start import start_session
from identity.signin import known_browsers, throttle
from identity.signin.rules import ACCOUNT, KNOWN_BROWSER, NETWORK, Budget, network_of

PASSWORD = "pwd"
LONGEST_INPUT = 4096


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person and the cookie of the new session."""

    account: Account
    cookie: SessionCookie


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The password was right; the code of the second factor comes next."""

    account: Account


async def sign_in(
    request: Request, *, email: str, password: str, is_remembered: bool
) -> SignedIn | SecondFactorNeeded | None:
    """The session, the question for a second factor, or None when address and password do not open an account.

    Unknown addresses, wrong passwords and closed accounts are answered alike and take as long.
    Raises TooManyAttempts, and TooManySignIns while too many others are signing in.
    """
    runtime: Runtime = request.app.state.runtime
    address = _normal(email)
    network = throttle.key_of("network", network_of(address_of(request)))
    mine, budget = _own_key(request, address)
    now = runtime.edges.real_clock.now()
    async with runtime.edges.turns.turn(mine):
        async with runtime.database.read() as reader:
            await throttle.check_patience(reader, (mine, network), now=now)
        account = await _checked(runtime, address, password)
        async with runtime.database.transaction(actor=f"user:{account.id}" if account else None) as tx:
            if account is None:
                await throttle.count_failure(tx, {mine: budget, network: NETWORK}, now=now)
                await record(tx, "session.refused", throttle.key_of("account", address))
                return None
            await throttle.forget_failures(tx, mine)
            if await has_second_factor(tx, account.id):
                return SecondFactorNeeded(account)
            return await open_session(tx, request, account, amr=[PASSWORD], is_remembered=is_remembered)


async def open_session(
    tx: Transaction, request: Request, account: Account, *, amr: list[str], is_remembered: bool
) -> SignedIn:
    """Start the session of somebody who has proved who they are by `amr`."""
    cookie = await start_session(
        tx, request, account.id, amr, is_operator=account.is_operator, is_remembered=is_remembered
    )
    await record(tx, "session.started", account.id, amr=amr)
    return SignedIn(account, cookie)


def _normal(email: str) -> str:
    try:
        return normalize_email(email)
    except InvalidEmail:
        return email.strip().lower()[:320]


def _own_key(request: Request, address: str) -> tuple[str, Budget]:
    if known_browsers.is_known(request, address):
        return throttle.key_of("known", address), KNOWN_BROWSER
    return throttle.key_of("account", address), ACCOUNT


async def _checked(runtime: Runtime, address: str, password: str) -> Account | None:
    if not password or len(password) > LONGEST_INPUT or "\x00" in address:
        return None
    return await verify_password(runtime, email=address, password=password)
