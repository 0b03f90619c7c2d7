"""`python -m identity serve|migrate|contracts|create-operator`."""

from chassis.cli import main
from identity.create_operator import create_operator
from identity.main import service

main(service, extra={"create-operator": create_operator})
