"""Every table of the gateway, for migrations."""

import gateway.login.models
import gateway.sessions.models
from chassis.db.tables import chassis_tables
from gateway.metadata import METADATA

__all__ = ["METADATA", "gateway"]

chassis_tables(METADATA)
