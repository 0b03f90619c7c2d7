"""Which addresses we take from outside: paths of our own to go on to, and paths without tricks."""

import re
from urllib.parse import unquote_to_bytes, urlsplit

HOME = "/"
LONGEST = 2048
_ODD_IN_RETURN = re.compile(r"[\x00-\x20\x7f\\]")
_ODD_IN_PATH = re.compile(rb"[\x00-\x1f\x7f\\]")


def own_path(wanted: str | None) -> str:
    """`wanted` if it is a path of our own, else the home page: never a way out to another site.

    A backslash, a control character or a second slash makes browsers read a path as a host (`/\\evil.example`).
    """
    if not wanted or len(wanted) > LONGEST or _ODD_IN_RETURN.search(wanted):
        return HOME
    if not wanted.startswith("/") or wanted.startswith("//"):
        return HOME
    return HOME if urlsplit(wanted).path.startswith("/bff/") else wanted


def is_plain(raw_path: bytes) -> bool:
    """Whether a path means the same to every reader: no `..`, no empty segment, no encoded slash, no control byte.

    Paths that two programs may read differently are the root of most ways around a gateway; they are refused, not
    repaired.
    """
    path = raw_path.partition(b"?")[0]
    if b"%" in path:
        lowered = path.lower()
        if b"%2f" in lowered or b"%5c" in lowered or b"%25" in lowered:
            return False
        path = unquote_to_bytes(path)
    if not path.startswith(b"/") or b"//" in path or _ODD_IN_PATH.search(path):
        return False
    return b"/." not in path or not any(part in (b".", b"..") for part in path.split(b"/"))
