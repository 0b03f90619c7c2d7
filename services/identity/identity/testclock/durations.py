"""Durations as ISO 8601 writes them. Pure."""

import re
from datetime import timedelta

DURATION = re.compile(
    r"(?P<sign>[+-])?P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
LONGEST = timedelta(days=366 * 20)


def parse_duration(text: str) -> timedelta:
    """The length of `P14D`, `PT36H`, `P1DT12H`, `P2W`. Raises ValueError, also for months and years, which vary."""
    match = DURATION.fullmatch(text)
    parts = {} if match is None else match.groupdict()
    sign = -1 if parts.pop("sign", None) == "-" else 1
    amounts = {name: float(value) for name, value in parts.items() if value is not None}
    if not amounts:
        raise ValueError("Write a duration such as P14D, PT36H or P1DT12H.")
    duration = timedelta(**amounts)
    if duration > LONGEST:
        raise ValueError("The duration is longer than twenty years.")
    return sign * duration
