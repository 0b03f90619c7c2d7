"""The parameters of a request, read strictly: each at most once, printable, of sane size."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from identity.oauth.authlib_adapter.errors import InvalidRequestError

LARGEST_BODY = 64 * 1024
LONGEST_VALUE = 8 * 1024
MOST_FIELDS = 100
FORM = "application/x-www-form-urlencoded"
REPEATABLE = frozenset({"resource"})
"""RFC 8707 §2 lets a request name several resources."""


class Parameters(Mapping[str, str]):
    """Parameters by name. One without a value counts as absent (RFC 6749 §3.1)."""

    def __init__(self, values: Mapping[str, str], resources: tuple[str, ...] = ()) -> None:
        self._values = dict(values)
        self.resources = resources

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def parse(encoded: bytes) -> Parameters:
    """Read a query string or a form body. Raises InvalidRequestError."""
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise InvalidRequestError("The parameters cannot be read.") from error
    values: dict[str, str] = {}
    resources = []
    for name, value in pairs:
        if len(value) > LONGEST_VALUE or has_control_characters(name) or has_control_characters(value):
            raise InvalidRequestError("A parameter is too long or contains control characters.")
        if name in REPEATABLE:
            resources.append(value)
        elif name in values:
            raise InvalidRequestError("A parameter is given more than once.")
        else:
            values[name] = value
    return Parameters({name: value for name, value in values.items() if value}, tuple(filter(None, resources)))


def has_control_characters(text: str) -> bool:
    """Whether `text` holds a NUL, a line break or a lone surrogate, which no parameter needs."""
    return any(character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in text)


def of_query(request: Request) -> Parameters:
    """The parameters of the query string."""
    return parse(request.scope.get("query_string", b""))


async def of_form(request: Request) -> Parameters:
    """The parameters of an urlencoded body. Raises InvalidRequestError for anything else."""
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != FORM:
        raise InvalidRequestError("Send the parameters as application/x-www-form-urlencoded.")
    return parse(await body_of(request))


async def body_of(request: Request) -> bytes:
    """The body, as long as it is of sane size. Raises InvalidRequestError."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise InvalidRequestError("The request is too large.")
        chunks.append(chunk)
    return b"".join(chunks)
