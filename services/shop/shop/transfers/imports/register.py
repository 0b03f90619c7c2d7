"""Taking an unpacked upload in, or refusing it as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError
from shop.transfers.errors import UploadRefused
from shop.transfers.legacy_shops.known import legacy_shop
from shop.transfers.legacy_shops.protocol import Missing
from shop.transfers.models import imports

NOTICE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Upload:
    """What an operator says about an export. `transfer_on`: the provisional day it is checked for."""

    source: str
    exported_on: date
    transfer_on: date
    product_map: Mapping[str, str]


def refuse_incomplete(upload: Upload, bundle: Mapping[str, Path]) -> None:
    """Raise UploadRefused with the list of the files and columns that are missing."""
    missing = legacy_shop(upload.source, upload.product_map).missing(bundle)
    if missing:
        raise UploadRefused([_explained(lack) for lack in missing])


async def register(tx: Transaction, *, import_id: str, upload: Upload, bundle: Mapping[str, Path]) -> None:
    """Note the import; it is carried through by the job that follows."""
    await tx.execute(
        insert(imports).values(
            id=import_id,
            source=upload.source,
            exported_on=upload.exported_on,
            transfer_on=upload.transfer_on,
            product_map=dict(upload.product_map),
            files={name: path.stat().st_size for name, path in bundle.items()},
            state="received",
            progress={"phase": "received"},
            created_by=tx.actor,
            created_at=tx.now,
        )
    )


def _explained(lack: Missing) -> FieldError:
    if lack.column is None:
        return FieldError(f"/bundle/{lack.file}", "missing_file", f"The file {lack.file} is missing.")
    detail = f"The file {lack.file} has no column {lack.column}."
    return FieldError(f"/bundle/{lack.file}/{lack.column}", "missing_column", detail)
