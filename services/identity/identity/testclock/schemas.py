"""The business clock as the API shows it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainValidator, WithJsonSchema, model_validator

from identity.testclock.durations import Duration, parse_duration


def _duration(value: Any) -> Duration:
    if not isinstance(value, str):
        raise ValueError("Write a duration such as P1Y, P1M, P14D, PT36H or P1DT12H.")
    return parse_duration(value)


WrittenDuration = Annotated[
    Duration,
    PlainValidator(_duration),
    WithJsonSchema(
        {
            "type": "string",
            "format": "duration",
            "description": (
                "An ISO 8601 duration. Years and months go by the calendar from the business time of now, clipped to"
                " the month's end (31 January and `P1M`: 28 or 29 February); the rest is added after them."
            ),
            "examples": ["P14D", "P1M", "P1Y"],
        }
    ),
]


class MoveClock(BaseModel):
    """Either the instant that shall be now, or by how much to go forward."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"advance": "P14D"}]})

    now: AwareDatetime | None = None
    advance: WrittenDuration | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "MoveClock":
        if (self.now is None) == (self.advance is None):
            raise ValueError("Send either `now` or `advance`.")
        return self


class BusinessClock(BaseModel):
    """What time it is for the business."""

    now: datetime
    real_now: datetime
