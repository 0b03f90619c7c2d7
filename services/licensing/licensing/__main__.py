"""`python -m licensing serve|migrate|contracts`."""

from chassis.cli import main
from licensing.main import service

main(service)
