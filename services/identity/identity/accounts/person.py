"""Routes about oneself: the caller must be a person."""

from typing import Annotated

from fastapi import Depends

from chassis.auth.principal import Principal
from chassis.http.dependencies import Caller
from chassis.kernel.errors import Forbidden


class OnlyPeople(Forbidden):
    """A machine has no profile."""

    code = "only-people"
    title = "This is for people; a machine has no profile"


async def person(principal: Caller) -> Principal:
    """A caller who is a person. Raises OnlyPeople."""
    if principal.is_machine:
        raise OnlyPeople
    return principal


Person = Annotated[Principal, Depends(person, scope="function")]
