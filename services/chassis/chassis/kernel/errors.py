"""What can go wrong in the business, knowing nothing of HTTP but the family a status belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with the input: where (`pointer`, RFC 6901), a stable `code`, a sentence."""

    pointer: str
    code: str
    detail: str


class BusinessError(Exception):
    """An expected refusal: `code` names its problem page, `detail` is a sentence the end user may read."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "The request could not be carried out"
    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **extensions: Any) -> None:
        self.detail = detail or f"{self.title}."
        self.extensions = extensions
        super().__init__(self.detail)


class Malformed(BusinessError):
    """The request cannot be read."""

    code, title, status = "malformed-request", "The request cannot be read", 400


class Unauthenticated(BusinessError):
    """Nobody is signed in."""

    code, title, status = "not-signed-in", "Sign in first", 401


class Forbidden(BusinessError):
    """The caller is known, and may not do this."""

    code, title, status = "forbidden", "You do not have the right to do this", 403


class NotFound(BusinessError):
    """It does not exist, or belongs to somebody else: both look the same."""

    code, title, status = "not-found", "There is no such thing", 404


class Conflict(BusinessError):
    """The present state does not allow it."""

    code, title, status = "conflict", "The present state does not allow this", 409


class PreconditionFailed(BusinessError):
    """Somebody else changed it since it was read."""

    code, title, status = "changed-meanwhile", "It was changed by somebody else meanwhile", 412


class TooLarge(BusinessError):
    """More bytes than are taken."""

    code, title, status = "too-large", "The request is too large", 413


class Invalid(BusinessError):
    """The input was read and cannot be used; `errors` says field by field why."""

    code, title, status = "invalid-input", "Some of the input cannot be used", 422

    def __init__(self, detail: str = "", errors: Sequence[FieldError] = (), **extensions: Any) -> None:
        super().__init__(detail or " ".join(error.detail for error in errors), **extensions)
        self.errors = tuple(errors)


class Throttled(BusinessError):
    """Too many tries; `retry_after` seconds until the next one counts."""

    code, title, status = "too-many-requests", "Too many requests", 429

    def __init__(self, detail: str = "", retry_after: int = 1, **extensions: Any) -> None:
        super().__init__(detail, **extensions)
        self.retry_after = retry_after


class Unavailable(BusinessError):
    """A part that is needed does not answer now; `retry_after` seconds are a fair wait."""

    code, title, status = "unavailable", "This is not available at the moment", 503

    def __init__(self, detail: str = "", retry_after: int = 2, **extensions: Any) -> None:
        super().__init__(detail, **extensions)
        self.retry_after = retry_after
