"""The key that signs proofs, kept in a file; another file in its place is another key, without a restart.

A new key is published at once and signs a little later, when every process has noticed it. The former one stays
published for as long as a proof that it signed may live.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from chassis.ops.logging import get_logger

log = get_logger(__name__)

LOOK_EVERY = 5.0
SIGNS_AFTER = 15.0


class ProofKeys:
    """The present key of the file, and those that were there a moment ago."""

    def __init__(self, path: Path, *, proof_seconds: int, now: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._now = now
        self._proof_seconds = proof_seconds
        self._looked_at = now()
        self._content = _kept_key(path)
        self._key = ECKey.import_key(self._content)
        self._since = float("-inf")
        self._former: list[tuple[float, ECKey]] = []

    def signing(self) -> ECKey:
        """The key to sign with now."""
        self._look()
        if self._former and self._now() - self._since < SIGNS_AFTER:
            return self._former[-1][1]
        return self._key

    def published(self) -> list[ECKey]:
        """The keys that a good proof may be signed with."""
        self._look()
        return [self._key, *(key for _, key in reversed(self._former))]

    def _look(self) -> None:
        now = self._now()
        if now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        lives_until = now - SIGNS_AFTER - self._proof_seconds
        self._former = [(replaced_at, key) for replaced_at, key in self._former if replaced_at > lives_until]
        try:
            content = self._path.read_bytes()
            if content != self._content:
                self._take(content, now)
        except (OSError, ValueError, JoseError) as error:
            log.error("proof_key.unreadable", reason=type(error).__name__)

    def _take(self, content: bytes, now: float) -> None:
        key = ECKey.import_key(content)
        if key.curve_name != "P-256":
            raise ValueError("Proofs are signed with P-256.")
        self._former = [(at, former) for at, former in self._former if former.thumbprint() != key.thumbprint()]
        self._former.append((now, self._key))
        self._content, self._key, self._since = content, key, now
        log.info("proof_key.replaced", kid=key.thumbprint())


def _kept_key(path: Path) -> bytes:
    """The key in the file; made first, readable by its owner only, when there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(ECKey.generate_key("P-256").as_pem(private=True))
        _put_in_place(draft, path)
    return path.read_bytes()


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
