"""Mails in a file that only grows, until they are forgotten; memory holds where each begins."""

import errno
import os
import time
import uuid
import weakref
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from deploy.dev.mailbox.mail import Kept, Mail, read_mail, subject_of

READ_MAILS = 1000
"""So many mails that were taken apart are remembered."""


@dataclass
class Place:
    """Where a mail stands in the file; the subject once somebody has asked for it."""

    kept: Kept
    begins: int
    size: int
    subject: str | None = None


class Mailbox:
    """The mails of a folder, newest first. One is in the file before its sender is told so."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / "mails", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        weakref.finalize(self, os.close, self._file)
        self._places: dict[str, Place] = {}
        self._read: OrderedDict[str, Mail] = OrderedDict()
        self._end = 0
        self._find_places()

    def put(self, content: bytes, *, sender: str, recipients: list[str]) -> Kept:
        """Keep a mail."""
        mail_id = f"{time.time_ns():016x}"[:8] + "-" + str(uuid.uuid4())[9:]
        received_at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        kept = Kept(id=mail_id, sender=sender, to=recipients, received_at=received_at)
        head = orjson.dumps(asdict(kept) | {"size": len(content)}) + b"\n"
        if os.writev(self._file, [head, content]) < len(head) + len(content):
            os.ftruncate(self._file, self._end)
            raise OSError(errno.ENOSPC, "There is no room for the mail.")
        self._remember(kept, len(head), len(content))
        return kept

    def ids(self, *, to: str | None = None, subject: str | None = None) -> list[str]:
        """The ids of mails whose recipient and subject contain these texts (case does not matter), newest first."""
        wanted_to, wanted_subject = (to or "").lower(), (subject or "").lower()
        return [
            mail_id
            for mail_id, place in reversed(self._places.items())
            if any(wanted_to in address.lower() for address in place.kept.to)
            and (not wanted_subject or wanted_subject in self._subject(place).lower())
        ]

    def get(self, mail_id: str) -> Mail | None:
        """One mail."""
        if (place := self._places.get(mail_id)) is None:
            return None
        if mail_id not in self._read:
            self._read[mail_id] = read_mail(place.kept, os.pread(self._file, place.size, place.begins))
            if len(self._read) > READ_MAILS:
                self._read.popitem(last=False)
        return self._read[mail_id]

    def find(self, *, to: str | None = None, subject: str | None = None) -> list[Mail]:
        """The mails of `ids`, taken apart."""
        return [mail for mail_id in self.ids(to=to, subject=subject) if (mail := self.get(mail_id)) is not None]

    def clear(self) -> None:
        """Forget everything."""
        os.ftruncate(self._file, 0)
        self._places.clear()
        self._read.clear()
        self._end = 0

    def _subject(self, place: Place) -> str:
        if place.subject is None:
            place.subject = subject_of(os.pread(self._file, place.size, place.begins))
        return place.subject

    def _remember(self, kept: Kept, head: int, size: int) -> None:
        self._places[kept.id] = Place(kept, self._end + head, size)
        self._end += head + size

    def _find_places(self) -> None:
        """Read the heads of all mails; what a killed process wrote only in part is cut off, nobody was told of it."""
        length = os.fstat(self._file).st_size
        with os.fdopen(os.dup(self._file), "rb") as file:
            while self._end < length:
                file.seek(self._end)
                head = file.readline()
                if not head.endswith(b"\n"):
                    break
                known = orjson.loads(head)
                size = known.pop("size")
                if self._end + len(head) + size > length:
                    break
                self._remember(Kept(**known), len(head), size)
        if self._end < length:
            os.ftruncate(self._file, self._end)
