"""What an operator does with a running platform: all of it by the public API, as from a script of their own."""

import io
import json
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.harness.platform import Platform, patiently

SAMPLES = Path(__file__).parents[1] / "shop" / "transfers" / "samples"
CATALOGUE: dict[str, Any] = json.loads((SAMPLES / "catalogue.json").read_text())
TOKEN_SECONDS = 300
LONG = 300
"""Patience with what takes seconds on a quiet machine and minutes on a busy one."""


class Desk:
    """The operator's place. Every answer that is not a success is a failed test."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._client: httpx.Client | None = None
        self._since = 0.0

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A call, whatever it answers."""
        if self._client is None or time.monotonic() - self._since > TOKEN_SECONDS:
            self._client, self._since = self.platform.operator(), time.monotonic()
            self._client.timeout = httpx.Timeout(120)
        return self._client.request(method, path, **options)

    def get(self, path: str, **params: Any) -> Any:
        """GET that must succeed."""
        return _good(self.send("GET", path, params=params))

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """POST that must succeed."""
        return _good(self.send("POST", path, json=body, **options))

    def patch(self, path: str, body: Any) -> Any:
        """PATCH that must succeed."""
        return _good(self.send("PATCH", path, json=body))

    def every(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """All pages of a list."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit=200, **params, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    def set_clock(self, now: datetime) -> None:
        """Move the business clock of the whole platform."""
        self.post("/test/clock", {"now": now.isoformat()})

    def open_shop(self, catalogue: dict[str, Any] = CATALOGUE) -> None:
        """Applications, regions, products and prices, as the vendor has them."""
        for application in catalogue["applications"]:
            self.post("/applications", {**application, "visible_to": "entitled"})
        for region in catalogue["regions"]:
            self.post("/regions", region)
        for product in catalogue["products"]:
            self.post("/products", product)
        for price in catalogue["prices"]:
            amount = {"amount": price["amount"], "currency": price["currency"]}
            named = {"product_code": price["product"], "region": price["region"], "interval": price["interval"]}
            self.post("/prices", {**named, "amount": amount, "valid_from": price["valid_from"]})

    def begin_import(self, files: dict[str, bytes], **fields: str) -> dict[str, Any]:
        """Upload an export; it is carried through in the background."""
        bundle = ("export.zip", zipped(files), "application/zip")
        return dict(_good(self.send("POST", "/transfer-imports", data=fields, files={"bundle": bundle})))

    def finished_import(self, import_id: str) -> dict[str, Any]:
        """The import once it is done."""

        def done() -> dict[str, Any] | None:
            found = self.get(f"/transfer-imports/{import_id}")
            return dict(found) if found["finished_at"] else None

        found = patiently(done, within=LONG, message=import_id)
        assert found["state"] == "completed", found
        return dict(found)

    def imported(self, files: dict[str, bytes], **fields: str) -> dict[str, Any]:
        """Upload an export and wait until it has been carried through."""
        return self.finished_import(self.begin_import(files, **fields)["id"])

    def wave(self, name: str, transfer_on: date, customers: list[str], *, schedule: bool = True) -> str:
        """Plan a wave; its id."""
        wanted = {"name": name, "transfer_on": transfer_on.isoformat(), "customers": customers}
        wave_id = str(self.post("/transfer-waves", wanted)["id"])
        if schedule:
            self.step(wave_id, "schedule")
        return wave_id

    def step(self, wave_id: str, verb: str) -> dict[str, Any]:
        """schedule, start, pause, resume or cancel."""
        return dict(self.post(f"/transfer-waves/{wave_id}/{verb}"))

    def transfers(self, wave_id: str) -> dict[str, dict[str, Any]]:
        """The transfers of a wave by the legacy customer's id."""
        return {item["legacy_customer_id"]: item for item in self.every("/transfers", wave=wave_id)}

    def wait_for_states(self, wave_id: str, **states: int) -> None:
        """Wait until the wave's customers are in exactly these states."""

        def there() -> bool:
            found = self.get(f"/transfer-waves/{wave_id}")["states"]
            assert found == states, found
            return True

        patiently(there, within=LONG)

    def wait_for_mails(self, template: str, count: int) -> list[dict[str, Any]]:
        """Wait until exactly so many mails of a kind have left; never more."""

        def left() -> list[dict[str, Any]] | None:
            found = self.every("/messages", template=template)
            assert len(found) <= count, f"{len(found)} mails {template} instead of {count}"
            sent = [item for item in found if item["status"] == "sent"]
            assert len(sent) == count, f"{len(sent)} of {len(found)} mails {template} have left, {count} are due"
            return sent or [{}]

        return list(patiently(left, within=LONG))


def zipped(files: dict[str, bytes]) -> bytes:
    """The bundle as it is uploaded."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _good(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:1500]}"
    return answer.json() if answer.content else None
