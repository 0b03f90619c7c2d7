"""The one route that needs no token: becoming a customer."""

from fastapi import APIRouter

from chassis.http.dependencies import Tx
from chassis.http.problems import problems
from chassis.kernel.emails import InvalidEmail
from chassis.kernel.errors import FieldError, Invalid
from identity.registrations.register import register
from identity.registrations.schemas import Register, Registration

router = APIRouter(prefix="/registrations", tags=["registrations"])


@router.post("", status_code=202, responses=problems(Invalid))
async def register_organization(body: Register, tx: Tx) -> Registration:
    """Register a company and its first owner; the link that activates the account comes by mail."""
    try:
        await register(tx, wanted=body)
    except InvalidEmail as error:
        raise Invalid(errors=[FieldError("/email", "invalid_email", str(error))]) from error
    return Registration(status="accepted")
