"""One's own second factor."""

from fastapi import APIRouter

from chassis.http.dependencies import Read, Run, Tx
from chassis.http.problems import problems
from chassis.runtime import Runtime
from identity.accounts.confirm_password import REFUSALS, is_password_of
from identity.accounts.errors import AccountNotFound, WrongPassword
from identity.accounts.person import OnlyPeople, Person
from identity.accounts.queries import find_account
from identity.mfa.enroll import begin, confirm, renew_recovery_codes
from identity.mfa.errors import NoSecondFactor, SecondFactorExists, WrongCode
from identity.mfa.queries import count_recovery_codes, has_second_factor
from identity.mfa.remove import remove
from identity.mfa.schemas import (
    ConfirmWithCode,
    ConfirmWithPassword,
    NewAuthenticator,
    RecoveryCodes,
    SecondFactor,
)

router = APIRouter(prefix="/me/mfa", tags=["Me"])


@router.get("", responses=problems(OnlyPeople))
async def get_my_second_factor(reader: Read, principal: Person) -> SecondFactor:
    """Whether signing in asks you for a code."""
    return SecondFactor(
        enabled=await has_second_factor(reader, principal.subject),
        recovery_codes_left=await count_recovery_codes(reader, principal.subject),
    )


@router.post(
    "/totp",
    status_code=201,
    responses=problems(OnlyPeople, AccountNotFound, SecondFactorExists, *REFUSALS),
)
async def set_up_my_authenticator(body: ConfirmWithPassword, runtime: Run, principal: Person) -> NewAuthenticator:
    """Begin to set up an authenticator application; confirm it with the first code it shows."""
    await _check_password(runtime, principal.subject, body.current_password)
    async with runtime.database.transaction() as tx:
        account = await find_account(tx, account_id=principal.subject)
        if account is None:
            raise AccountNotFound
        enrollment = await begin(
            tx,
            runtime.edges.vault,
            account_id=account.id,
            email=account.email,
            issuer=runtime.edges.brand.name,
        )
    return NewAuthenticator(secret=enrollment.secret, uri=enrollment.uri)


@router.post("/totp/confirm", responses=problems(OnlyPeople, NoSecondFactor, WrongCode))
async def confirm_my_authenticator(body: ConfirmWithCode, tx: Tx, runtime: Run, principal: Person) -> RecoveryCodes:
    """Confirm the authenticator with a first code; signing in asks for one from now on."""
    codes = await confirm(tx, runtime.edges.vault, account_id=principal.subject, code=body.code)
    return RecoveryCodes(recovery_codes=codes)


@router.post("/recovery-codes", responses=problems(OnlyPeople, NoSecondFactor, *REFUSALS))
async def renew_my_recovery_codes(body: ConfirmWithPassword, runtime: Run, principal: Person) -> RecoveryCodes:
    """Get ten new recovery codes; the old ones count no more."""
    await _check_password(runtime, principal.subject, body.current_password)
    async with runtime.database.transaction() as tx:
        if not await has_second_factor(tx, principal.subject):
            raise NoSecondFactor
        codes = await renew_recovery_codes(tx, account_id=principal.subject)
    return RecoveryCodes(recovery_codes=codes)


@router.post(
    "/totp/remove",
    status_code=204,
    responses=problems(OnlyPeople, NoSecondFactor, *REFUSALS),
)
async def remove_my_authenticator(body: ConfirmWithPassword, runtime: Run, principal: Person) -> None:
    """Do without a second factor again."""
    await _check_password(runtime, principal.subject, body.current_password)
    async with runtime.database.transaction() as tx:
        await remove(tx, account_id=principal.subject)


async def _check_password(runtime: Runtime, account_id: str, password: str) -> None:
    if not await is_password_of(runtime, account_id=account_id, password=password):
        raise WrongPassword
