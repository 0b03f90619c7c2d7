"""`python -m gateway serve|migrate|contracts`."""

from chassis.cli import main
from gateway.main import service
from gateway.serve import serve

main(service, extra={"serve": serve})
