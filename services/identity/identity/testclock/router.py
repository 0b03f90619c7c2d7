"""The movable business clock. In production the route does not exist."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from chassis.auth.principal import Principal
from chassis.http.dependencies import Run, requires
from chassis.http.problems import problems
from chassis.kernel.clock import Clock, FrozenClock, OffsetClock
from chassis.kernel.errors import Conflict, Invalid, NotFound
from identity.testclock.schemas import BusinessClock, MoveClock


async def exists_here(runtime: Run) -> None:
    """Raise NotFound in production."""
    if runtime.platform.is_production:
        raise NotFound("There is nothing at this address.")


router = APIRouter(prefix="/test/clock", tags=["test"], dependencies=[Depends(exists_here)])


@router.get("", responses=problems(NotFound))
async def get_business_clock(
    runtime: Run, _: Annotated[Principal, requires("operator:read", "operator:write")]
) -> BusinessClock:
    """Tell the business time (development and test only)."""
    return _told(runtime.clock)


@router.post("", responses=problems(NotFound, Conflict, Invalid))
async def move_business_clock(
    body: MoveClock, runtime: Run, _: Annotated[Principal, requires("operator:write")]
) -> BusinessClock:
    """Set the business time or go forward; all services follow within two seconds (development and test only)."""
    clock = runtime.clock
    if not isinstance(clock, OffsetClock | FrozenClock):
        raise Conflict("This installation runs on the real time.")
    if body.advance is not None:
        now = clock.now()
        clock.advance(body.advance.after(now) - now)
    elif isinstance(clock, OffsetClock):
        clock.move_to(body.now)
    else:
        clock.set(body.now.astimezone(UTC))
    runtime.timer.wake()
    return _told(clock)


def _told(clock: Clock) -> BusinessClock:
    return BusinessClock(now=clock.now().astimezone(UTC), real_now=datetime.now(UTC))
