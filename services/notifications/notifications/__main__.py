"""`python -m notifications serve | migrate | contracts`."""

from chassis.cli import main
from notifications.main import service

main(service)
