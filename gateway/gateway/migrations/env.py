from chassis.db.migrate import run_env
from gateway.tables import METADATA

run_env(METADATA)
