"""`python -m shop serve|migrate|contracts`."""

from chassis.cli import main
from shop.main import service

main(service)
