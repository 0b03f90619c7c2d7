"""The business clock as the API shows it."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from identity.testclock.durations import parse_duration

Duration = Annotated[
    timedelta,
    BeforeValidator(lambda value: parse_duration(value) if isinstance(value, str) else value),
    Field(json_schema_extra={"format": "duration", "examples": ["P14D"]}),
]


class MoveClock(BaseModel):
    """Either the instant that shall be now, or by how much to go forward."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"advance": "P14D"}]})

    now: AwareDatetime | None = None
    advance: Duration | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "MoveClock":
        if (self.now is None) == (self.advance is None):
            raise ValueError("Send either `now` or `advance`.")
        return self


class BusinessClock(BaseModel):
    """What time it is for the business."""

    now: datetime
    real_now: datetime
