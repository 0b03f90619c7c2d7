"""Alembic's entry for the sample."""

from chassis.db.migrate import run_env
from tests.chassis.sample.main import meta

run_env(meta)
