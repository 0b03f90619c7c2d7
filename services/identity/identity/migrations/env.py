"""Alembic's entry: the shared environment with this service's tables."""

from chassis.db.migrate import run_env
from identity.tables import metadata

run_env(metadata)
