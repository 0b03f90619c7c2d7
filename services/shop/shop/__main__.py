"""`python -m shop serve|migrate|contracts|import`."""

from chassis.cli import main
from shop.main import service
from shop.transfers.command import import_command

main(service, {"import": import_command})
