"""Putting an upload's files into one directory, safe from path tricks and from archives that explode."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from chassis.kernel.errors import FieldError
from shop.transfers.errors import UploadRefused, UploadTooLarge

LARGEST_UNPACKED = 8 * 1024**3
MOST_EXPANSION = 200
SUSPICIOUS_SIZE = 64 * 1024**2
MOST_MEMBERS = 1_000
LONGEST_NAME = 60
"""In letters, of which each may take four of the 255 bytes that a disk has for a name."""
CHUNK = 1024 * 1024
ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"


def unpack(upload: IO[bytes], name: str, into: Path) -> None:
    """Add one uploaded file, or every CSV file of an uploaded zip, to `into`; only base names are used.

    Raises UploadRefused for a broken or encrypted archive or two files of one name, and UploadTooLarge for
    an archive that unpacks to more than any real export.
    """
    upload.seek(0)
    magic = upload.read(4)
    upload.seek(0)
    if magic in (ZIP_MAGIC, EMPTY_ZIP_MAGIC):
        _unpack_zip(upload, into)
    else:
        _store(upload, base_name(name) or "export.csv", into, LARGEST_UNPACKED)


def base_name(name: str) -> str:
    """The last part of a path of any system, in lower case; of one too long for a disk, its end."""
    return PurePosixPath(name.replace("\\", "/")).name.strip().lower()[-LONGEST_NAME:]


def bundle_in(directory: Path) -> dict[str, Path]:
    """The files of an unpacked upload by name."""
    return {path.name: path for path in sorted(directory.iterdir())}


def _unpack_zip(upload: IO[bytes], into: Path) -> None:
    try:
        with zipfile.ZipFile(upload) as archive:
            members = [member for member in archive.infolist() if _is_wanted(member)]
            if len(members) > MOST_MEMBERS:
                raise UploadTooLarge("The archive holds too many files.")
            room = LARGEST_UNPACKED
            for member in members:
                room -= _extract(archive, member, into, room)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        detail = "The archive is damaged, encrypted or of an unknown kind."
        raise UploadRefused([FieldError("/bundle", "unreadable_archive", detail)]) from error


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts if part not in ("..", "."))
    return not member.is_dir() and not hidden and member.filename.lower().endswith(".csv")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, room: int) -> int:
    limit = room
    if member.file_size > SUSPICIOUS_SIZE:
        limit = min(room, max(SUSPICIOUS_SIZE, member.compress_size * MOST_EXPANSION))
    with archive.open(member) as source:
        return _store(source, base_name(member.filename), into, limit)


def _store(source: IO[bytes], name: str, into: Path, limit: int) -> int:
    target = into / name
    if target.exists():
        detail = f"The upload holds two files called {name}."
        raise UploadRefused([FieldError(f"/bundle/{name}", "duplicate_file", detail)])
    written = 0
    with target.open("xb") as file:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > limit:
                raise UploadTooLarge("The upload unpacks to more than any export can be.")
            file.write(chunk)
    return written
