"""The gateway's collection of tables."""

from chassis.db.base import metadata

METADATA = metadata()
