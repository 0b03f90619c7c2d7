"""Durations as ISO 8601 writes them. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.kernel.periods import add_months

DURATION = re.compile(
    r"(?P<sign>[+-])?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
LONGEST = timedelta(days=366 * 20)
LONGEST_MONTHS = 12 * 20


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole months, which have no fixed length, and an exact length beside them."""

    months: int
    exact: timedelta

    def after(self, instant: datetime) -> datetime:
        """The instant so much later: first by months, clipped to the month's end, then by the exact length.

        31 January and `P1M` is 28 or 29 February; 29 February and `P1Y` is 28 February.
        """
        day = add_months(instant.date(), self.months)
        return instant.replace(year=day.year, month=day.month, day=day.day) + self.exact


def parse_duration(text: str) -> Duration:
    """The duration of `P1Y`, `P1M`, `P14D`, `PT36H`, `P1Y2M3DT4H5M6.5S`, or a negative one. Raises ValueError."""
    match = DURATION.fullmatch(text)
    parts = {} if match is None else match.groupdict()
    sign = -1 if parts.pop("sign", None) == "-" else 1
    amounts = {name: float(value) for name, value in parts.items() if value is not None}
    if not amounts:
        raise ValueError("Write a duration such as P1Y, P1M, P14D, PT36H or P1DT12H.")
    months = amounts.pop("years", 0) * 12 + amounts.pop("months", 0)
    if months > LONGEST_MONTHS or any(amount > LONGEST.total_seconds() for amount in amounts.values()):
        raise ValueError("The duration is longer than twenty years.")
    exact = timedelta(**amounts)
    if exact > LONGEST:
        raise ValueError("The duration is longer than twenty years.")
    return Duration(sign * int(months), sign * exact)
