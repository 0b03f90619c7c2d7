"""Imports as operators see them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class TransferImport(BaseModel):
    """An export of the legacy shop that was uploaded, and how far it has come.

    `state`: received, reading, publishing, checking, completed, or failed with `error`. `progress` counts
    rows and customers while it runs. `changed` says what is new, changed or the same at the source since the
    import before. `summary` is the dry run of everything for the provisional day `transfer_on`; each wave's
    own check decides for the wave's day.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "imp_01k4w2t9y8f7d5v3m1q6r0s2xz",
                    "source": "canonical",
                    "exported_on": "2027-02-05",
                    "transfer_on": "2027-02-19",
                    "state": "completed",
                    "progress": {"phase": "done"},
                    "files": {"customers.csv": 7788},
                    "changed": {"customers": {"added": 40, "changed": 0, "unchanged": 0, "absent": 0}},
                    "summary": {"customers": {"total": 40, "moves": 23, "blocked": 14, "nothing_to_move": 3}},
                    "error": None,
                    "created_by": "client:operator-cli",
                    "created_at": "2027-02-05T09:00:00Z",
                    "finished_at": "2027-02-05T09:00:02Z",
                }
            ]
        }
    )

    id: str
    source: Literal["canonical", "woocommerce"]
    exported_on: date = Field(description="The day of the export: facts are as of this day.")
    transfer_on: date = Field(description="The provisional transfer day of the first check.")
    state: Literal["received", "reading", "publishing", "checking", "completed", "failed"]
    progress: dict[str, Any]
    files: dict[str, int] = Field(description="The files of the upload and their bytes.")
    changed: dict[str, Any]
    summary: dict[str, Any] | None
    error: str | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None


class ImportFinding(BaseModel):
    """One thing noticed in an export: where (`line` is where the record begins, the header is line 1)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "file": "customers.csv",
                    "line": 4,
                    "column": "email",
                    "code": "invalid_email",
                    "level": "blocker",
                    "key": "C10002",
                    "customer": "C10002",
                    "detail": "This is not one valid e-mail address. It says “office@, zweite@”.",
                    "who_acts": "customer",
                    "value": "office@, zweite@",
                }
            ]
        }
    )

    file: str
    line: int
    column: str
    code: str
    level: Literal["blocker", "warning"]
    key: str
    customer: str
    detail: str
    who_acts: str = Field(description="Who can mend it: customer, operator, legacy_shop or nobody.")
    value: str = Field(description="What stands there, if that says more than the place.")


class ImportChange(BaseModel):
    """A record that was added, changed or removed at the source since the import before."""

    file: str
    key: str
    customer: str
    change: Literal["added", "changed", "removed"]
    differences: dict[str, list[str | None]] = Field(description="Per column: before, after.")
