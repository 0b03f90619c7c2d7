"""Every table of the gateway, for migrations."""

from chassis.db.tables import chassis_tables

import gateway.login.models
import gateway.sessions.models
from gateway.metadata import METADATA

__all__ = ["METADATA", "gateway"]

chassis_tables(METADATA)
