"""The collection that every feature's tables join."""

from chassis.db.base import metadata as new_metadata
from chassis.db.tables import chassis_tables

metadata = new_metadata()
chassis_tables(metadata)
