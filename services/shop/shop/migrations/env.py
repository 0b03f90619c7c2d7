"""Alembic's entry point."""

from chassis.db.migrate import run_env
from shop.tables import metadata

run_env(metadata)
