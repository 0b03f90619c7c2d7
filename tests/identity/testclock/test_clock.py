"""The movable business clock."""

from datetime import datetime, timedelta

import pytest

from identity.testclock.durations import Duration, parse_duration
from tests.harness.service import RunningService


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P14D", timedelta(days=14)),
        ("PT36H", timedelta(hours=36)),
        ("P1DT12H30M", timedelta(days=1, hours=12, minutes=30)),
        ("P2W", timedelta(weeks=2)),
        ("PT0.5S", timedelta(milliseconds=500)),
        ("-P1D", timedelta(days=-1)),
    ],
)
def test_durations_of_a_fixed_length(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == Duration(0, duration)


@pytest.mark.parametrize(
    ("now", "text", "then"),
    [
        ("2027-01-31T09:30", "P1M", "2027-02-28T09:30"),
        ("2028-01-31T09:30", "P1M", "2028-02-29T09:30"),
        ("2028-02-29T09:30", "P1Y", "2029-02-28T09:30"),
        ("2027-11-25T09:30", "P1Y", "2028-11-25T09:30"),
        ("2027-11-25T09:30", "P3M", "2028-02-25T09:30"),
        ("2027-01-31T23:00", "P1MT2H", "2027-03-01T01:00"),
        ("2027-01-15T09:30", "P1Y2M1W3DT4H5M6S", "2028-03-25T13:35:06"),
        ("2027-03-31T09:30", "-P1M", "2027-02-28T09:30"),
        ("2027-02-05T09:30", "P20Y", "2047-02-05T09:30"),
    ],
)
def test_years_and_months_go_by_the_calendar(now: str, text: str, then: str) -> None:
    assert parse_duration(text).after(datetime.fromisoformat(now)) == datetime.fromisoformat(then)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "14 days", "P1D2H", "P1M1Y", "P0.5Y", "P99999W", "P21Y", "P241M", f"PT{10**30}S", "p1d"],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


async def test_operators_move_it(identity: RunningService) -> None:
    start = identity.clock.now()
    async with identity.operator() as operator:
        moved = await operator.post("/api/v1/test/clock", json={"advance": "P14D"})
        told = await operator.get("/api/v1/test/clock")
        set_to = await operator.post("/api/v1/test/clock", json={"now": "2027-06-01T08:00:00+02:00"})
    assert moved.status_code == 200
    assert identity.clock.now() != start
    assert told.json()["now"].startswith((start + timedelta(days=14)).isoformat()[:19])
    assert set_to.json()["now"].startswith("2027-06-01T06:00:00")


@pytest.mark.parametrize(
    "body",
    [{}, {"now": "2027-06-01T08:00:00Z", "advance": "P1D"}, {"advance": "P1H"}, {"advance": 86400}, {"now": "noon"}],
)
async def test_what_it_does_not_understand(identity: RunningService, body: dict) -> None:
    async with identity.operator() as operator:
        assert (await operator.post("/api/v1/test/clock", json=body)).status_code == 422


@pytest.mark.parametrize(("advance", "then"), [("P1M", "2027-02-28T08:00:00"), ("P1Y1D", "2028-02-01T08:00:00")])
async def test_it_goes_on_by_whole_months_and_years(identity: RunningService, advance: str, then: str) -> None:
    async with identity.operator() as operator:
        await operator.post("/api/v1/test/clock", json={"now": "2027-01-31T08:00:00Z"})
        moved = await operator.post("/api/v1/test/clock", json={"advance": advance})
    assert moved.json()["now"].startswith(then)


async def test_nobody_else_moves_it(identity: RunningService) -> None:
    body = {"advance": "P1D"}
    async with identity.anonymous() as nobody:
        assert (await nobody.post("/api/v1/test/clock", json=body)).status_code == 401
    async with identity.client(scopes="members:write operator:read") as person:
        assert (await person.post("/api/v1/test/clock", json=body)).status_code == 403


async def test_in_production_it_does_not_exist(identity: RunningService) -> None:
    platform = identity.runtime.platform
    identity.runtime.platform = platform.model_copy(update={"profile": "production"})
    try:
        async with identity.anonymous() as nobody:
            here = await nobody.get("/api/v1/test/clock")
            nowhere = await nobody.get("/api/v1/nothing")
    finally:
        identity.runtime.platform = platform
    assert here.status_code == nowhere.status_code == 404
    assert here.json()["type"] == nowhere.json()["type"]
