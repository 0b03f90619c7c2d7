"""What ended while access tokens of it still live, and tokens that ended alone, kept for as long as those do."""

import time
from dataclasses import dataclass, field

LONGEST_TOKEN_LIFE = 15 * 60


@dataclass
class Revocations:
    """Keys (`sid:…`, `sub:…`, `client:…`, `jti:…`) with the real time before which their tokens no longer count."""

    not_before: dict[str, float] = field(default_factory=dict)
    version: int = 0

    def revoke(self, key: str, at: float | None = None) -> None:
        """Refuse the tokens of `key` issued up to `at` (seconds of the epoch; default: now)."""
        moment = time.time() if at is None else at
        if moment > self.not_before.get(key, 0):
            self.not_before[key] = moment
            self.version += 1
        self._forget_old()

    def refuses(
        self, *, subject: str, client_id: str, session_id: str | None, issued_at: float, token_id: str = ""
    ) -> bool:
        """Tell whether a token with these claims has been revoked. Its id begins with what it was issued on."""
        if not self.not_before:
            return False
        family = token_id.partition(".")[0]
        keys = (f"sub:{subject}", f"client:{client_id}", f"sid:{session_id}", f"jti:{token_id}", f"jti:{family}")
        return any(issued_at <= self.not_before.get(key, -1) for key in keys)

    def _forget_old(self) -> None:
        limit = time.time() - LONGEST_TOKEN_LIFE
        if len(self.not_before) > 1000:
            self.not_before = {key: at for key, at in self.not_before.items() if at > limit}
