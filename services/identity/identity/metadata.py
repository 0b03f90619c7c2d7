"""The collection that every table of identity registers in."""

from chassis.db.base import metadata as new_metadata
from chassis.db.tables import chassis_tables

metadata = new_metadata()
chassis_tables(metadata)
